"""The platform's side of the Mini Store: products and SKUs in two copies, a reviewer of listings, a shelf of pictures.

Written from the vendor's words alone (see `catalog_sync.emulator` for the tags); checked on 2026-11-21. DOC: the page
"Add SKU" and the other pages of the Mini Store's open component (spu, sku, stock, img/upload). Calls of 2021; sister
calls have answered "interface offline" since 2023-03, and whether these still answer is not known.

A product's life (DOC): edits make the draft `editing`; listing puts it into review; passed, it replaces the online copy
and is on sale; failed, the online copy stays. What the pages leave open is a switch in `switches`.
"""

from collections.abc import Mapping

from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.world import Note
from catalog_sync.providers.mini_store.emulator.faults import FAULTS
from catalog_sync.providers.mini_store.emulator.orders import ORDERS
from catalog_sync.providers.mini_store.emulator.routes import POOLS, ROUTES
from catalog_sync.providers.mini_store.emulator.shop import Shop
from catalog_sync.providers.mini_store.emulator.switches import SWITCHES


class MiniStore:
    """The Mini Store, as a system of the emulator."""

    name = "mini_store"
    routes = ROUTES
    pools: Mapping[str, int] = POOLS
    settings = SWITCHES
    faults = FAULTS
    control = ORDERS

    def new_part(self, note: Note, settings: Settings) -> Shop:
        """Make the shop of an app."""
        return Shop(note, settings)


SYSTEM = MiniStore()
"""Give it to `catalog_sync.emulator.app.create_app`."""
