"""One item of the library, and the four states of its review (DOC)."""

from dataclasses import dataclass
from decimal import Decimal

from catalog_sync.emulator.reading import Json

UNAUDITED, IN_AUDIT, APPROVED, REJECTED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Goods:
    """One item. Prices are yuan; times are unix seconds; `cover_sha256` is of the uploaded bytes."""

    id: int
    name: str
    url: str
    price_type: int
    price: Decimal
    price2: Decimal | None
    status: int
    audit_id: int
    third_party_appid: str = ""
    tag: int = 2
    made_by: str = "api"
    media_id: str = ""
    cover_sha256: str = ""
    cover_url: str = ""
    """Where a read says that the cover is; empty: at the emulator, by its sha256."""
    created_at: float = 0.0
    submitted_at: float = 0.0

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/world`."""
        return {
            "goods_id": self.id,
            "name": self.name,
            "url": self.url,
            "price": f"{self.price:.2f}",
            "price2": None if self.price2 is None else f"{self.price2:.2f}",
            "priceType": self.price_type,
            "cover_sha256": self.cover_sha256,
            "media_id": self.media_id,
            "audit_status": self.status,
            "audit_id": self.audit_id,
            "third_party_tag": self.tag,
            "thirdPartyAppid": self.third_party_appid,
            "made_by": self.made_by,
            "created_at": self.created_at,
            "submitted_at": self.submitted_at,
        }
