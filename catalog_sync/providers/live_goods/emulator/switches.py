"""The switches: what the platform's pages leave open, each with what is known of it.

Open, but not a switch, and why: the status path of one SDK (every other source says otherwise); the page-size word
`count` of another (the pages say `limit`); prices in fen (the text says yuan, only the samples look like fen); numeric
strings as prices (seen accepted); that 300021 leaves the item in status 0 (its meaning, "submission failed"); deleting
in status 0, 2, 3 (the pages exclude 1 alone); two items of the same name or url (nothing anywhere speaks of such a
rule); the moment of the quota day, and whether refused calls are charged (shared switches).
"""

from collections.abc import Sequence

from catalog_sync.emulator.settings import COUNT, NUMBER, TEXTS, Setting, of_kind, one_of

ALLOW = ("allow", "refuse")
MISSING = (300015, 1003, 300010)
SWITCHES: Sequence[Setting] = (
    # what an update, an audit, a delete may do
    one_of("rejected_update", "whether rejected goods can be updated, or 300010. Applications disagree", *ALLOW),
    one_of("rejected_update_makes", "the status of rejected goods after an update. Unknown", "rejected", "unaudited"),
    one_of("rejected_audit", "whether audit takes rejected goods. The page speaks of withdrawn ones alone", *ALLOW),
    one_of("approved_content_update", "new content for approved goods: 300010, or nothing", "refuse", "ignore"),
    one_of("approved_unchanged_content", "whether such an update may carry content as it was", "refuse", "allow"),
    one_of("approved_price_update", "whether new prices go on sale unreviewed (inferred)", "stays", "reviewed_again"),
    one_of("update_requires", "what an update must carry: the page's text, or its table", "what_changes", "all_fields"),
    one_of("update_cover_required", "whether an update must carry the cover. Unknown", False, True),
    one_of("update_appid_required", "whether it must carry thirdPartyAppid: old page yes, new no", False, True),
    one_of("cover_url_accepted", "whether a cover may be an address. Unknown; one SDK's test does it", False, True),
    # codes
    one_of("audit_missing_code", "audit of an id that does not exist. Unknown", *MISSING),
    one_of("update_missing_code", "update of an id that does not exist. Unknown", *MISSING),
    one_of("delete_missing_code", "delete of an id that does not exist: seen 300015, documented 1003", 300015, 1003),
    one_of("audit_wrong_status_code", "'goods auditStatus can not submit audit'. Unknown", 300010, 300013),
    one_of("withdraw_not_in_audit_code", "withdrawal of what is not in review: seen 300017", 300017, 300009),
    one_of(
        "add_300021_carries_ids", "whether 300021 comes with goodsId and auditId. Unknown", "no", "goods_id", "both"
    ),
    one_of("bad_parameter_code", "over 20 ids, limit over 100, bad offset or status. Unknown", 200002, 47001),
    one_of("list_post_code", "a list by POST: -1 (an employee), 43001 (a sister call's page)", -1, 43001),
    one_of("form_body_code", "a body sent as a form: nothing seen, or a system error", 200002, 200001),
    # lists
    one_of("status_over_20", "what over 20 ids get. Unknown", "refuse", "first_20"),
    one_of("list_over_100", "what a limit over 100 gets. Unknown", "refuse", "clamp"),
    one_of("list_order", "in which order of ids a list is. Unknown", "newest_first", "oldest_first"),
    of_kind("list_lag_seconds", "lists show the library so long ago (lists were seen stale)", NUMBER, 0),
    of_kind("status_lag_seconds", "status shows the library so long ago", NUMBER, 0),
    # what fields may be
    of_kind("name_max_units", "a name's most half-width units: 28; 34 in the first version of 2020", COUNT, 28),
    of_kind("name_min_units", "a name's least units. Not documented; 4 was seen refused", COUNT, 6),
    one_of(
        "name_width", "two units: East Asian W and F; A too; beyond U+00FF", "wide", "ambiguous_wide", "beyond_latin1"
    ),
    one_of("digits_only_name", "whether a name may be digits alone, or 300004 (reported once)", *ALLOW),
    of_kind("illegal_words", "a name with one of these: 300004", TEXTS, []),
    of_kind("illegal_pictures", "pictures with these sha256: 300005", TEXTS, []),
    of_kind("price_max", "the highest price in yuan, over it 300003; 0: no limit is documented", NUMBER, 0),
    one_of("price2_with_one_price", "price2 beside priceType 1. Documented: do not send it", "ignore", "refuse"),
    of_kind("known_pages", "pages that are online; empty: each path without leading /, %, blank, ://", TEXTS, []),
    of_kind("unknown_pages", "pages that are not online, where known_pages is empty", TEXTS, []),
    one_of("leading_slash", "whether a url may begin with a slash, or 300007 (community advice)", "refuse", "allow"),
    of_kind("max_goods", "how many goods an app can have, over it 300008; 0: no limit is documented", COUNT, 0),
    # how reads are written
    one_of("api_made_tag", "the tag of goods made by the API: 1 and 2 both mean it", 2, 1),
    one_of(
        "text_on_read", "normalised: trimmed, & as &amp;, urls with .html and no leading /", "as_sent", "normalised"
    ),
    one_of("price2_of_one_price", "price2 of priceType 1: 0 in the samples", "zero", "empty", "null", "absent"),
    one_of("price_type_on_read", "how the price type is written", "number", "string"),
    one_of("ids_on_read", "goodsId, goods_id, audit_status: samples, or the new pages", "number", "string"),
    one_of("status_price_type_name", "status: its sample, or its table", "price_type", "priceType", "both"),
    one_of("list_tag_name", "lists: the old page, or the new", "thirdPartyTag", "third_party_tag", "both"),
    one_of("third_party_appid_on_read", "whether an empty one is written", "always", "when_set"),
    one_of("status_total", "status: the number of items, or 0 as in the page's sample", "count", "zero"),
)
