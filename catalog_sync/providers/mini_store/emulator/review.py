"""What a verdict of the reviewer makes of a product and its SKUs."""

from dataclasses import replace

from catalog_sync.emulator.settings import Settings
from catalog_sync.providers.mini_store.emulator.product import FAILED, ON_SALE, PASSED, Product, Sku


def decided(product: Product, skus: list[Sku], verdict: str, settings: Settings) -> tuple[Product, list[Sku]]:
    """Give the product after its review, and the SKUs that the verdict changed.

    DOC: once passed, the draft replaces the online copy. A failed review leaves it alone.
    """
    if verdict != "approve":
        return replace(product, edit_status=FAILED), []
    listed = replace(product, online=product.draft, status=ON_SALE, edit_status=PASSED)
    return listed, [published for sku in skus if (published := _publish(sku, settings)) != sku]


def _publish(sku: Sku, settings: Settings) -> Sku:
    """Put the draft in place of the online copy. Whether the real stock stays is unknown: a switch."""
    takes_draft = settings["listing_takes_draft_stock"] or settings["stock_update_needs_listing"]
    if sku.online is None or takes_draft:
        return replace(sku, online=sku.draft)
    return replace(sku, online=sku.draft._replace(stock_num=sku.online.stock_num))
