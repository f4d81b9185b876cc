"""`init`: a commented catalogue to start from, the lines that keep the state out of git, and a CI's pipeline."""

from __future__ import annotations

from pathlib import Path

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import UsageError
from catalog_sync.wiring import app_alone

CATALOGUE = """\
# The catalogue of one shop: what should be on sale. Check it with `catalog-sync validate`, look at what would change
# with `catalog-sync plan`, and make it so with `catalog-sync apply`.
version: 1

# The Mini Program's appid. The secret never stands here: set CATALOG_SYNC_SECRET.
app: wx0123456789abcdef

policy:
  prune: true              # delete goods that we added and that are no longer listed here
  max_deletes: 20%         # ... but never more than this share in one run
  in_audit: cheapest       # an edit of goods under review: withdraw for content, let a price wait for the verdict
  locked_change: block     # approved goods may only change price; `replace` adds a new item and deletes the old one

goods:
  tit-cup:                 # the key: yours, and it never changes (moved: renames it)
    name: TIT茶杯           # at most 28 units, a Chinese character counts 2
    cover: covers/tit-cup.png   # PNG, JPEG or GIF, at most 300 x 300 pixels; or an https link
    price: 99.50           # yuan
    url: pages/index/index?id=51

# Products of the Mini Store, if the shop has any: their SKUs are kept in step. The products are made in its console.
# products:
#   P-7001:                # the out_product_id
#     skus:
#       P-7001-BLUE-L:     # the out_sku_id: at most 32 characters, and it never changes
#         sale_price: 129.00
#         market_price: 159.00
#         stock: 40
#         thumb: covers/blue-l.png        # optional: PNG, JPEG or GIF, at most 10 MB
#         attrs: {颜色: 蓝, 尺码: L}      # needed where a product has several SKUs
"""

IGNORE = ("/.catalog-sync/",)


@click.command("init", epilog=examples("catalog-sync init -f catalog.yaml", "catalog-sync init --ci github"))
@click.option(
    "--ci", type=click.Choice(["github", "gitlab"]), help="Write a pipeline, too, or for a catalogue of yours."
)
@common("text", "json")
def command(ci: str | None, **options: object) -> None:
    """Write a commented catalogue to start from, and keep the state out of git.

    With --ci also the pipeline that plans each change for its reviewers, applies what they merged, and goes on each day
    with what was left. A catalogue that is there already stays as it is then.
    """
    given = Given(options)
    path = Path(given.settings.file)
    new = ci is None or not path.exists()
    if new:
        _write_catalogue(path)
    ignored = _ignore(path.parent / ".gitignore")
    pipeline, advice = _pipeline(given, path, ci) if ci else (None, "")
    if given.console.json:
        written = {"catalogue": str(path), "gitignore": ignored, "pipeline": pipeline}
        given.console.document({"format_version": "1.0", **written})
        return
    if new:
        given.console.result(f"Written: {path}")
    if ignored:
        given.console.result(f"Added to {path.parent / '.gitignore'}: {', '.join(ignored)}")
    if pipeline:
        given.console.result(f"Written: {pipeline}\n{advice}")
    if new:
        where = "it and into the pipeline" if pipeline else "it"
        given.console.result(f"Next: put your appid and a first product into {where}, then `catalog-sync validate`.")


def _pipeline(given: Given, catalogue: Path, ci: str) -> tuple[str, str]:
    from catalog_sync.cli.pipelines import write_pipeline  # noqa: PLC0415 - only --ci needs it

    path, advice = write_pipeline(ci, catalogue, app_alone(given.settings))
    return str(path), advice


def _write_catalogue(path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(CATALOGUE)
    except FileExistsError:
        raise UsageError(f"{path} is there already; nothing was written", hint="name another with -f") from None
    except OSError:
        raise UsageError(f"{path} cannot be written", hint="check the folder and its mode") from None


def _ignore(path: Path) -> list[str]:
    """Add the lines that are not there yet. A state in git would be one that several people overwrite."""
    try:
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        missing = [line for line in IGNORE if line not in present.splitlines()]
        if missing:
            glue = "" if not present or present.endswith("\n") else "\n"
            path.write_text(present + glue + "".join(f"{line}\n" for line in missing), encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be written", hint=f"add these lines by hand: {' '.join(IGNORE)}") from None
    return missing
