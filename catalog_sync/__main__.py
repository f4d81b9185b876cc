"""`python -m catalog_sync` is `catalog-sync`."""

from catalog_sync.cli import main

if __name__ == "__main__":
    main()
