"""What an update may change in each state of the review, what it must carry, and the state that it leaves."""

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.live_goods.emulator.goods import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Goods
from catalog_sync.providers.live_goods.emulator.reading import require

CONTENT = {"coverImgUrl", "name", "url", "thirdPartyAppid"}


def allowed_to_update(call: Call, goods: Goods, info: Json) -> Json:
    """Give what an update of these goods may change; refuse where their state allows none."""
    refusal = Refusal(300010, "goods auditStatus can not update")
    if goods.status == IN_AUDIT or (goods.status == REJECTED and call.settings["rejected_update"] == "refuse"):
        raise refusal
    if goods.status != APPROVED:
        return info
    if call.settings["approved_unchanged_content"] == "allow":
        info = {name: value for name, value in info.items() if not _says_the_same(goods, name, value)}
    if CONTENT & info.keys() and call.settings["approved_content_update"] == "refuse":
        raise refusal
    return {name: value for name, value in info.items() if name not in CONTENT}


def _says_the_same(goods: Goods, name: str, value: object) -> bool:
    now = {
        "name": goods.name,
        "url": goods.url,
        "thirdPartyAppid": goods.third_party_appid,
        "coverImgUrl": goods.media_id,
    }
    return name in now and now[name] == value


def require_for_update(call: Call, goods: Goods, info: Json) -> None:
    """Approved goods may send no content, so the switches ask it of the others alone."""
    needed: list[str] = [name for name in ("url", "name", "coverImgUrl") if name in info]
    if call.settings["update_requires"] == "all_fields":
        needed += ["priceType", "price"] if goods.status == APPROVED else ["url", "name", "priceType", "price"]
    if goods.status != APPROVED and call.settings["update_cover_required"]:
        needed.append("coverImgUrl")
    require(info, needed)
    if goods.status != APPROVED and call.settings["update_appid_required"] and "thirdPartyAppid" not in info:
        raise Refusal(200002, "thirdPartyAppid must not be empty")


def status_after_update(call: Call, goods: Goods) -> int:
    """Say in which state an update leaves the goods."""
    if goods.status == REJECTED and call.settings["rejected_update_makes"] == "unaudited":
        return UNAUDITED
    return goods.status
