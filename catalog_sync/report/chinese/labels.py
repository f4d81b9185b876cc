"""Names: actions, states, fields, pools, calls; and what a person can do about a hold."""

from __future__ import annotations

from catalog_sync.report.language import Table

ACTIONS: Table = {
    "add": "新增",
    "update": "更新",
    "resubmit": "重新提审",
    "replace": "替换",
    "delete": "删除",
    "adopt": "绑定",
    "move": "改键",
    "forget": "解除绑定",
    "unchanged": "不变",
}

DISPOSITIONS: Table = {"ready": "可执行", "deferred": "顺延", "waiting": "等待中", "blocked": "已拦下"}

EXPLAINED: Table = {
    "ready": "apply 现在就会执行",
    "deferred": "当天额度已用完",
    "waiting": "等平台审核",
    "blocked": "受规则限制或需人工处理",
}

STATUSES: Table = {
    "unaudited": "未提审",
    "in_audit": "审核中",
    "approved": "审核通过",
    "rejected": "审核驳回",
}

OUTCOMES: Table = {"applied": "已完成", "failed": "失败", "in_doubt": "结果未知", "skipped": "已跳过"}

SYSTEMS: Table = {"goods": "直播商品", "sku": "小商店 SKU", "product": "小商店商品"}

FIELDS: Table = {
    "name": "名称",
    "cover": "封面",
    "price": "价格",
    "price2": "价格二",
    "priceType": "价格类型",
    "url": "商品页路径",
    "thirdPartyAppid": "第三方 AppID",
    "sale_price": "售价",
    "market_price": "市场价",
    "stock": "库存",
    "thumb": "SKU 图片",
    "sku_code": "SKU 编码",
    "barcode": "条形码",
    "attrs": "规格",
    "listing": "提交上架",
    "product_id": "商品 ID",
    "title": "标题",
    "standing": "商品状态",
}

POOLS: Table = {
    "submit": "提审",
    "withdraw": "撤回审核",
    "update": "更新",
    "delete": "删除",
    "upload": "上传图片",
    "status": "查询状态",
    "list": "拉取列表",
    "sku_write": "SKU 写入",
}

CALLS: Table = {
    "upload": "上传图片",
    "add": "新增并提审",
    "audit": "提审",
    "withdraw": "撤回审核",
    "update": "更新",
    "delete": "删除",
    "list": "拉取列表",
    "status": "查询状态",
    "sku_add": "新增 SKU",
    "sku_update": "修改 SKU 草稿",
    "sku_update_price": "修改 SKU 价格",
    "sku_delete": "删除 SKU",
    "stock_update": "修改库存",
    "stock_get": "查询库存",
    "listing": "提交上架审核",
}

PLAIN: Table = {
    **ACTIONS,
    **DISPOSITIONS,
    **STATUSES,
    **POOLS,
    "absent": "平台上没有",
    "ok": "完成",
    "FAILED": "失败",
    "IN DOUBT": "结果未知",
    "skipped": "跳过",
    "edited": "被改动",
    "cover_replaced": "封面被换",
    "lost": "平台上已没有",
    "foreign": "未绑定",
}

ADVICE: Table = {
    "locked_when_approved": "改回原来的内容，或设置 locked_change: replace。",
    "rejected": "修改商品；或用 --resubmit 地址 原样再提审一次。",
    "refused": "修改内容，或用 --resubmit 地址 再试一次。",
    "drifted": "把平台上的改动写进清单，或用 --resubmit 地址 改回清单的内容。",
    "not_taken": "换一个值，或用 --resubmit 地址 再提交一次。",
    "price_jump": "改正价格；确实要改就加 --allow-price-change 地址。",
    "twin_exists": "绑定它：adopt 键 ID，或 adopt --match；确实要再建一个就加 --allow-twin 地址。",
    "cover_needed": "用一个图片文件或 https 链接作封面。",
    "protected": "改为 protect: false 再执行；或写进 removed:，只解除绑定。",
    "just_adopted": "再执行一次 apply。",
    "cannot_adopt": "改正 adopt: 下的 ID，或删去这一行。",
    "already_bound": "删去 moved: 中的这一行，或把其中一个写进 removed: 解除绑定。",
    "not_ours": "从清单中去掉它，并写进 removed: 解除绑定。",
    "unknown_status": "到小程序后台查看该商品。",
    "observation_incomplete": "稍后再运行一次。",
    "in_doubt": "到小程序后台查看该商品；state show 地址 可看到是哪次调用。",
    "no_quota": "调高 quota: 中的上限，或调低预留数。",
    "product_missing": "请在后台创建商品，或更正它的 out_product_id 或 product_id。",
    "product_closed": "请到后台查看商品，或从 products: 中去掉。",
    "under_another": "请给该 SKU 换一个新的 out_sku_id，或放到拥有它的商品下。",
    "last_sku": "请在后台下架该商品。",
    "listing_off": "请在后台提交草稿，或设置 listing: true。",
    "draft_not_submitted": "请在后台提交草稿，或用 --resubmit 地址。",
}
