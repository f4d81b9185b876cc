"""The platform's side of Mini Program live goods: seven calls, a library an app, a reviewer.

Written from the vendor's words alone (see `catalog_sync.emulator` for the tags); checked on 2026-11-21. DOC: the seven
goods pages of the platform's server documentation (addgoods, resubmitaudit, getgoodsauditinfo, resetaudit,
updategoodsinfo, getgoodsinfo, deletegoodsinfo) and the older page "live product management interface".

A goods' life (DOC): add -> 1 in review -> 2 approved or 3 rejected; 1 -> resetaudit -> 0 -> audit -> 1; delete from any
but 1. What the pages leave open is a switch in `switches`, which also says what is open and no switch.
"""

from collections.abc import Mapping

from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.world import Note
from catalog_sync.providers.live_goods.emulator.faults import FAULTS
from catalog_sync.providers.live_goods.emulator.library import Library
from catalog_sync.providers.live_goods.emulator.orders import ORDERS
from catalog_sync.providers.live_goods.emulator.routes import POOLS, ROUTES
from catalog_sync.providers.live_goods.emulator.switches import SWITCHES


class LiveGoods:
    """Mini Program live goods, as a system of the emulator."""

    name = "live_goods"
    routes = ROUTES
    pools: Mapping[str, int] = POOLS
    settings = SWITCHES
    faults = FAULTS
    control = ORDERS

    def new_part(self, note: Note, settings: Settings) -> Library:
        """Make the library of an app."""
        return Library(note, settings)


SYSTEM = LiveGoods()
"""Give it to `catalog_sync.emulator.app.create_app`."""
