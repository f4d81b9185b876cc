"""A product and its SKUs, each with a draft and an online copy (DOC, checked 2026-11-21).

Adding and changing touch the draft; a review that was passed puts the draft in place of the online copy.
"""

from dataclasses import dataclass
from typing import NamedTuple

from catalog_sync.emulator.reading import Json

EDITING, IN_REVIEW, FAILED, PASSED = 1, 2, 3, 4
"""edit_status, of the draft (SDK); 0 is "initial"."""
NEVER_LISTED, ON_SALE, RECYCLED, DELETED, TAKEN_DOWN, SOLD_OUT, VIOLATING = 0, 5, 6, 9, 11, 12, 13
"""status, of the product online (SDK)."""
ON_SHELF, PSEUDO_DELETED = 5, 21
"""status of a SKU (SDK)."""


class SkuCopy(NamedTuple):
    """What one copy of a SKU holds. Prices are fen."""

    thumb_img: str
    sale_price: int
    market_price: int
    stock_num: int
    sku_code: str
    barcode: str
    sku_attrs: tuple[tuple[str, str], ...]
    status: int = ON_SHELF

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/world`."""
        attrs = [{"attr_key": key, "attr_value": value} for key, value in self.sku_attrs]
        return {**self._asdict(), "sku_attrs": attrs}


@dataclass(frozen=True, slots=True)
class Sku:
    """One SKU: its two ids never change."""

    id: int
    product_id: int
    out_sku_id: str
    draft: SkuCopy
    online: SkuCopy | None = None
    updated_at: float = 0.0

    @property
    def status(self) -> int:
        """Say what a shelf sorts SKUs by: their product."""
        return self.product_id

    @property
    def in_draft(self) -> SkuCopy | None:
        """The draft, unless it was deleted there."""
        return self.draft if self.draft.status == ON_SHELF else None

    @property
    def on_sale(self) -> SkuCopy | None:
        """The online copy, unless there is none or it was deleted there."""
        return self.online if self.online is not None and self.online.status == ON_SHELF else None

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/world`; null: not in this copy."""
        return {
            "sku_id": self.id,
            "out_sku_id": self.out_sku_id,
            "draft": None if self.in_draft is None else self.in_draft.as_json(),
            "online": None if self.on_sale is None else self.on_sale.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `draft` and `online` hold its own fields (title, pictures, ...), never changed in place."""

    id: int
    out_product_id: str
    draft: Json
    online: Json | None = None
    status: int = NEVER_LISTED
    edit_status: int = EDITING
    made_by: str = "api"
    created_at: float = 0.0
    updated_at: float = 0.0
    submitted_at: float = 0.0

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/world`."""
        return {
            "product_id": self.id,
            "out_product_id": self.out_product_id,
            "status": self.status,
            "edit_status": self.edit_status,
            "draft": self.draft,
            "online": self.online,
            "made_by": self.made_by,
            "created_at": self.created_at,
            "submitted_at": self.submitted_at,
        }
