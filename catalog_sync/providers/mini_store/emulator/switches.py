"""The switches: what the platform's pages leave open, each with what is known of it.

Open, but not a switch, and why: which of two ids wins when they disagree (refused: a client that sends both must mean
one product); codes 100002, 100003, 100005, 108001, 209001, 209004, 209005 of listing (listed without a text; the
fault `errcode` gives any of them); categories, brands and their codes (no call of ours reads them); the number of
picture reads a minute (reads of pictures are not emulated).
"""

from collections.abc import Sequence

from catalog_sync.emulator.settings import COUNT, NUMBER, SIGNED, TEXTS, Setting, of_kind, one_of

ALLOW = ("allow", "refuse")
REFUSE = ("refuse", "allow")
MOST_FEN = 1_000_000_000
SWITCHES: Sequence[Setting] = (
    one_of("interface_offline", "every Mini Store call answers 1400007, as sister calls do since 2023-03", False, True),
    # numbers of writing calls
    of_kind("sku_write_per_hour", "writes in any hour (documented: 200, add and update together)", COUNT, 200),
    one_of("sku_write_hour_code", "a write over that. Documented as 'frequency limit'", 300000, 45009, 45011),
    one_of("sku_write_counts", "whether spu/add and spu/update are counted with SKU writes", "sku_and_spu", "sku"),
    one_of("batch_add_counts", "whether a batch counts each of its SKUs. Unknown", "each", "one"),
    # which edits a state allows
    one_of("in_review_edits", "draft edits while it is in review; withdraws: the review ends", "refuse", "withdraws"),
    one_of("in_review_price", "update_price while the draft is in review: it writes online too", *ALLOW),
    one_of("not_editable_codes", "edit: 9401023 and 9401025; change: 9401022 and 9401024", "edit", "change"),
    one_of("recycled_edits", "draft edits and listing of a product in the recycle bin (status 6). Unknown", *REFUSE),
    one_of("violating_edits", "the same of one taken down for violation (status 13). Unknown", *ALLOW),
    one_of("console_products", "the same of one made in the console; refuse: 9401021. Unknown", *ALLOW),
    one_of("listing_in_review_code", "listing while in review, said not to be called; 0: ok", 9401023, 300000, 0),
    one_of("listing_unchanged", "listing of a product on sale whose draft passed. Unknown", *ALLOW),
    one_of("listing_without_skus_code", "listing of a product without SKUs. Unknown", 9401020, 9401006),
    one_of("delisting_not_on_sale", "taking down what is not on sale. Unknown", *REFUSE),
    one_of("spu_delete_makes", "what spu/del makes of a product: gone (9), or in the bin (6)", "deleted", "recycled"),
    one_of("delete_last_sku", "whether a product may lose its last SKU, or 9401024. Unknown", *ALLOW),
    one_of(
        "deleted_out_sku_id", "when the out_sku_id of a deleted SKU can be added", "free", "taken_while_online", "taken"
    ),
    # what an update does
    one_of("update_price_writes_draft", "which copies it writes. Inferred: both", "too", "online_only", "draft_only"),
    one_of("update_price_requires", "whether both prices must be sent (so the sample)", "both_prices", "what_changes"),
    one_of("stock_update_needs_listing", "stock shows only after a listing (seen in 2021-03)", False, True),
    one_of("stock_update_writes_draft", "whether the stock of the draft follows. Unknown", "online_only", "too"),
    one_of("listing_takes_draft_stock", "a passed review sets the stock of listed SKUs to the draft's", False, True),
    one_of("price_and_stock_before_listing", "of a SKU never online: the draft is written, or refused", *ALLOW),
    one_of("bad_stock_code", "full value of 0 or less, unknown type, result below 0. Unknown", 9401020, 100020),
    one_of("stock_below_0", "a difference that ends below 0: refused, or 0. Unknown", "refuse", "clamp"),
    one_of(
        "sku_update_requires",
        "prices and attrs, and the thumb if it has one; the thumb always (page); nothing",
        "what_it_has",
        "table",
        "what_changes",
    ),
    one_of("sku_update_left_out", "sku_code and barcode that an update leaves out. Unknown", "kept", "cleared"),
    one_of("sku_update_stock", "a stock_num in sku/update. Unknown", "writes_draft", "ignored"),
    one_of("batch_add_failure", "one bad SKU of a batch; partial: 100009, the others made", "nothing_made", "partial"),
    one_of("add_100009_carries_ids", "whether 100009 of spu/add comes with product_id. Unknown", True, False),
    # what fields may be
    of_kind("sale_price_max", "highest sale_price in fen, over it 9401043", COUNT, MOST_FEN),
    of_kind(
        "market_price_max", "highest market_price; one page has 10000000 beside '10 million yuan'", COUNT, MOST_FEN
    ),
    one_of("sale_price_of_0", "a sale_price of 0. Unknown", *REFUSE),
    one_of("market_price_not_above", "market_price not above sale_price, which the pages advise against", *ALLOW),
    one_of("same_attrs", "two SKUs of a product with the same attributes. Unknown", *ALLOW),
    one_of(
        "character_is", "what a length counts; each letter and Chinese character is one", "code_point", "utf16_unit"
    ),
    one_of(
        "picture_links", "links: of the platform's hosts, or of our uploads alone", "platform_hosts", "uploaded_ones"
    ),
    of_kind("title_max", "most characters of a title, over it 9401036. The number is not documented", COUNT, 60),
    one_of("ascii_title", "a title of digits, letters and symbols alone (seen: 9401060)", *REFUSE),
    # picture upload
    one_of("picture_sides", "height and width of an upload: 101003 unless they are the picture's", "compared", "any"),
    of_kind("unfetchable_links", "a picture link with one of these: 101004", TEXTS, []),
    # how reads are written
    one_of("barcode_on_read", "the sample has a number, the table a string", "number", "string"),
    one_of("sku_list_status", "status in sku/get_list: one SDK's sample has none", "absent", "present"),
    one_of("deleted_sku_on_read", "a SKU deleted in the copy asked for", "absent", "status_21"),
    one_of("unlisted_on_read", "the online copy of what was never online: no such, or the draft", "missing", "draft"),
    one_of("sold_out_status", "a product whose stock is 0 has status 12 by itself. Inferred", "shown", "never"),
    one_of("total_num_in_spu_list", "total_num in spu/get_list: SDKs disagree", True, False),
    of_kind("spu_page_size_max", "products a page, over it 100020. Unknown", COUNT, 100),
    of_kind("time_zone_hours", "times are in UTC plus this. Unknown; 8: Beijing", SIGNED, 8),
    of_kind("store_lag_seconds", "reads show the shop so long ago", NUMBER, 0),
)
