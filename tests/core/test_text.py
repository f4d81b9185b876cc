"""A plan as text: columns that hold for Chinese names, foreign characters made harmless, lines that scripts may read.

Why a change goes as it does is said by the rules that decide it; here each of those sentences is a short one.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from catalog_sync.core.model import AuditStatus, MaxDeletes, PoolSetting
from catalog_sync.core.plan import Plan
from catalog_sync.planfile import Provenance, document
from catalog_sync.report.colour import Colour
from catalog_sync.report.text import last_lines, plan_text
from tests.core.market import plan
from tests.core.shop import CUP, NOW, Shop, address, binding, catalogue, copy, item, remote, seen, shop

MADE = Provenance("0.1.0", "p-1", NOW, "wx0123456789abcdef", "l-1", 41, "ops@shop")


def text(made: Plan, *, on: bool = False) -> str:
    return plan_text(document(made, MADE), Colour(on))


def short(made: Plan) -> Plan:
    return replace(
        made,
        changes=tuple(
            replace(
                change,
                message=f"Why: {change.reason}.",
                held=tuple(replace(part, message=f"why: {part.reason}.") for part in change.held),
            )
            for change in made.changes
        ),
    )


def test_the_text_of_a_market() -> None:
    assert text(short(plan())) == MARKET


MARKET = """\
Ready: apply will do this now (4)

  + add       goods.tray     upload -> add
      竹茶盘 · cover https://cdn.example/tray.png · url pages/item/item?id=53 · priceType 2 · price 1.00 · price2 2.00
  ~ update    goods.tit-cup  [approved]  update
      price  99.50  ->  89.00
      Why: price_changed.
      held back: name: why: locked_when_approved.
      note: the reviewer dislikes blanks
  > move      goods.jar-2    [approved]
      was goods.jar
      Why: moved.
  - delete    goods.leaving  [rejected]  delete
      竹茶盘 · cover https://cdn.example/tray.png · url pages/item/item?id=53 · priceType 2 · price 1.00 · price2 2.00
      Why: not_in_catalogue.

Deferred: the day's quota is spent (2)

  + add       goods.tea-set   on 2026-11-22  upload -> add
      龙井茶具套装 · url pages/item/item?id=52 · priceType 3 · price 199.00 · price2 150.50
  ± replace   goods.replaced  on 2026-11-22  [approved]  upload -> add -> delete
      name  紫砂壶  ->  大茶壶
      Why: content_changed.

Blocked: a rule or a person must act (1)

  ± replace   goods.pot  [approved]
      name  紫砂壶  ->  紫砂茶壶
      Why: locked_when_approved.

1 item is under review, equal to the catalogue.

Warning: goods.tray: It looks like goods.leaving under a new key; moved: {leaving: tray} keeps its item.
Not managed here: 2 on the platform, 1 of them made in the console.

Quota
  2026-11-21  submit  1 planned  1 used  0 left of 3, 1 in reserve
  2026-11-21  update  1 planned  0 used  999 left of 1000
  2026-11-21  delete  1 planned  0 used  999 left of 1000
  2026-11-21  upload  1 planned  0 used  4999 left of 5000
  2026-11-22  submit  2 planned  0 used  0 left of 3, 1 in reserve
  2026-11-22  delete  1 planned  0 used  999 left of 1000
  2026-11-22  upload  2 planned  0 used  4998 left of 5000

Plan: 1 to add, 1 to update, 0 to resubmit, 0 to replace, 1 to delete.
Deferred: 2 · Waiting for review: 1 · Blocked: 2"""


def test_fields_stand_in_columns_however_wide_their_characters_are() -> None:
    desired = CUP._replace(name="龙井茶具套装", url="p", price=9990)
    change = text(shop(item(desired=desired), binding(), remote(status=AuditStatus.UNAUDITED)).plan())
    assert change.splitlines()[3:6] == [
        "      name   TIT茶杯                  ->  龙井茶具套装",
        "      url    pages/index/index?id=51  ->  p",
        "      price  99.50                    ->  99.90",
    ]


def lines(each: Shop) -> list[str]:
    made = each.plan()
    return list(last_lines(document(made, MADE)))


NO_CHANGES = "No changes. The platform matches the catalogue."
NOTHING_TO_DO = "Plan: 0 to add, 0 to update, 0 to resubmit, 0 to replace, 0 to delete."


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (shop(), [NO_CHANGES]),
        (shop(item(), binding(), remote()), [NO_CHANGES]),
        (
            shop(item(), binding(), remote(status=AuditStatus.IN_AUDIT)),
            [NO_CHANGES, "Waiting for review: 1"],
        ),
        (
            shop(item(desired=CUP._replace(price=9900)), binding(), remote(status=AuditStatus.IN_AUDIT)),
            [NOTHING_TO_DO, "Waiting for review: 1"],
        ),
        (shop(item(), binding(), remote(status=AuditStatus.REJECTED)), [NOTHING_TO_DO, "Blocked: 1"]),
        (shop(item()), ["Plan: 1 to add, 0 to update, 0 to resubmit, 0 to replace, 0 to delete."]),
        (shop((), binding(), remote()), ["Plan: 0 to add, 0 to update, 0 to resubmit, 0 to replace, 1 to delete."]),
        (
            shop(item(), binding(), remote(status=AuditStatus.UNAUDITED)),
            ["Plan: 0 to add, 0 to update, 1 to resubmit, 0 to replace, 0 to delete."],
        ),
        (  # what is neither of the five is still something to do
            Shop(replace(catalogue(item("mug")), moved={"cup": "mug"}), seen(remote()), {address("cup"): binding()}),
            [NOTHING_TO_DO],
        ),
    ],
)
def test_the_lines_that_scripts_may_read(each: Shop, expected: list[str]) -> None:
    assert lines(each) == expected
    assert text(each.plan()).endswith("\n".join(expected))


def test_a_foreign_text_cannot_command_a_terminal() -> None:
    evil = "茶\x1b[2J杯\u202egnp\n\x9b1m\u2028"
    shown = remote(values=CUP._replace(name=evil, cover="https://mmbiz.qpic.cn/cup"), status=AuditStatus.UNAUDITED)
    each = shop(item(), binding(), shown, notes={address("cup"): "look\u2066here\r"})
    made = replace(each.plan(), observed_reason="bad\x07answer")
    rendered = text(made)
    assert "      name  茶\\x1b[2J杯\\u202egnp\\x0a\\x9b1m\\u2028  ->  TIT茶杯" in rendered.splitlines()
    assert "      note: look\\u2066here\\x0d" in rendered.splitlines()
    assert "Warning: the platform was not read whole: bad\\x07answer" in rendered.splitlines()
    assert not set(rendered) & set("\x1b\x9b\x07\r\u202e\u2066\u2028")


def test_an_unsafe_plan_says_what_lifts_the_hazard() -> None:
    bound = [binding(f"item-{at}", copy(100 + at)) for at in range(4)]
    each = shop((), bound, [remote(100 + at) for at in range(4)]).choosing(max_deletes=MaxDeletes(1, None))
    assert (
        "Unsafe (too_many_deletes): 4 of 4 bound goods would be deleted or replaced; 1 are allowed. "
        "If it is meant: --max-deletes 4."
    ) in text(each.plan()).splitlines()


def test_colour_changes_nothing_but_colour() -> None:
    coloured = text(short(plan()), on=True)
    assert re.sub(r"\x1b\[[0-9]*m", "", coloured) == MARKET
    assert "\x1b[32m  + add       goods.tray   \x1b[0m" in coloured


def test_a_long_quota_is_cut() -> None:
    items = [item(f"item-{at:02d}", CUP._replace(name=f"茶杯{at:02d}"), position=at) for at in range(15)]
    made = Shop(catalogue(*items, pools={"submit": PoolSetting(1)}), seen()).plan()
    assert "  and 18 more rows, to 2026-12-05; --format json has them all" in text(made).splitlines()
