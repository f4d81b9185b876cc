"""The JSON Schema of `products:`, for editors."""

from __future__ import annotations

from catalog_sync.core.json_schema import PRIORITY, JsonSchema, fields, keyed, optional, yuan

_MAX_YUAN = 10_000_000

_SKU_FIELDS: dict[str, JsonSchema] = {
    "sale_price": yuan("What is paid, in yuan, at most 2 decimals.", _MAX_YUAN),
    "market_price": yuan("The price crossed out, in yuan; it should be over sale_price.", _MAX_YUAN, zero=True),
    "stock": {
        "description": "How many there are. It is written when this number changes, for sales change it as well "
        "(policy.stock).",
        "type": "integer",
        "minimum": 0,
        "maximum": 999_999_999,
        "examples": [40],
    },
    "thumb": {
        "description": "The picture: a file (PNG, JPEG or GIF, at most 10 MB), relative to the file that names it, or "
        "a link that the platform accepts.",
        "type": "string",
        "examples": ["covers/blue-l.png", "https://mmecimage.cn/p/blue-l"],
    },
    "sku_code": {
        "description": "The shop's own code, at most 20 characters.",
        "type": ["string", "number"],
        "minLength": 1,
        "maxLength": 20,
        "examples": ["BL-L"],
    },
    "barcode": {
        "description": "Digits, quoted, so that leading zeros stay.",
        "type": ["string", "integer"],
        "pattern": "^[0-9]{1,18}$",
        "examples": ["6900000000017"],
    },
    "attrs": {
        "description": "What tells the SKUs of a product apart; needed when it has several.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 40},
        "propertyNames": {"maxLength": 40},
        "examples": [{"颜色": "蓝", "尺码": "L"}],
    },
    "priority": PRIORITY,
    "needed_by": {
        "description": "When it must be on sale: a time with its offset. The earliest goes first.",
        "type": "string",
        "examples": ["2026-12-01T20:00:00+08:00"],
    },
    "protect": {
        "description": "Never delete it, not even when it is no longer listed.",
        "type": "boolean",
        "default": False,
    },
}


def products_schema() -> JsonSchema:
    """`products:` as a whole."""
    sku = fields("One SKU of the product.", _SKU_FIELDS, ("sale_price", "market_price", "stock"))
    skus = keyed("The SKUs, by out_sku_id: at most 32 characters, and it never changes.", "^.{1,32}$", sku)
    product = fields(
        "One product, which must exist in the store.",
        {
            "skus": skus | {"minProperties": 1},
            "product_id": {
                "description": "The platform's id; looked up by the key when it is not here.",
                "type": "integer",
                "minimum": 1,
                "examples": [10001234567890],
            },
            "listing": {
                "description": "Submit the changed draft for review; false leaves that to you.",
                "type": "boolean",
                "default": True,
            },
        },
    )
    return optional(keyed("Mini Store products, by out_product_id.", "^.{1,128}$", product))
