"""What is wrong with a catalogue: the usual diagnostics. Rarer ones, and what a parser says, stay English."""

from __future__ import annotations

from catalog_sync.report.language import Table

_FIELDS: Table = {
    "{summary} ({found})": "{summary}（{found}）",
    "missing": "缺失",
    "empty": "空",
    "a mapping": "一个映射",
    "a list": "一个列表",
    "is required": "必填",
    "is required (missing)": "必填（缺失）",
    "unknown field": "没有这个字段",
    "unknown field; did you mean {near}?": "没有这个字段，是否想写 {near}？",
    "stands twice; first at {place}": "重复，第一次出现在 {place}",
    "must be a mapping": "须为映射（key: value）",
    "must be a mapping of fields": "须为字段的映射（field: value）",
    "must be a mapping of keys": "须为键的映射（key: 内容）",
    "must be a mapping of SKUs": "须为 SKU 的映射",
    "must be a single value": "须为单个值",
    "must be a list of keys": "须为键的列表",
    "must be a key": "须为一个键",
    "must be a text": "须为文本",
    "must be a number": "须为数字",
    "must be a whole number": "须为整数",
    "must be a time": "须为时间",
    "must be a file, a link or keep": "须为文件、链接或 keep",
    "must be true or false": "须为 true 或 false",
    "must be true or false, without quotes": "须为 true 或 false，不加引号",
    "must be 1, 2 or 3": "须为 1、2 或 3",
    "must be 1, 2 or 3, without quotes": "须为 1、2 或 3，不加引号",
    "must be block, replace or replace_after_approval": "须为 block、replace 或 replace_after_approval",
    "must be wx and 16 digits or letters a to f": "须为 wx 加 16 位数字或字母 a 到 f",
    "must be a whole number of at most 9 digits": "须为最多 9 位的整数",
    "must be a whole number of at most 9 digits, without quotes": "须为最多 9 位的整数，不加引号",
    "must be a whole number from 0 to {most}": "须为 0 到 {most} 的整数",
    "must be a time with its offset like 2026-12-01T20:00:00+08:00": "须为带时区的时间，如 2026-12-01T20:00:00+08:00",
    "must be letters, digits and . _ - and begin with a letter or digit":
        "只能用字母、数字和 . _ -，且以字母或数字开头",
    "must not hold control characters": "不能含有控制字符",
    "an item needs a key (empty)": "商品需要一个键（空）",
    "an included file has only {sections}": "被包含的文件只能有 {sections}",
    "the catalogue lists no items; an empty one is taken for a mistake": "清单中没有任何商品；空清单视为错误",
}  # fmt: skip

_GOODS: Table = {
    "must be an amount in yuan like 99.50, in plain digits": "须为以元计的金额，如 99.50，只用数字",
    "must be more than 0": "须大于 0",
    "at most 2 decimals": "最多两位小数",
    "at most {most}": "最高 {most}",
    "needs priceType 2 or 3": "需要 priceType 为 2 或 3",
    "priceType 1 has no price2": "priceType 为 1 时没有 price2",
    "price must be less than price2 in a range": "价格区间中 price 须小于 price2",
    "price2 must not be more than price in a discount": "折扣价中 price2 不能大于 price",
    "at most {most} units, a wide character counts 2; this has {units}":
        "最多 {most} 个单位，汉字等宽字符计 2；现有 {units}",
    "{units} units if characters like “ count 2, at most {most}":
        "如果“ 一类字符计 2，共 {units} 个单位，最多 {most}",
    "the platform was seen to refuse names under {most} units; this has {units}":
        "平台可能会拒绝少于 {most} 个单位的名称；现有 {units}",
    "the same name and url as {address}, at {place}": "名称和路径与 {address} 相同，见 {place}",
    "{count} items have this cover; is it a placeholder?": "有 {count} 个商品用这张封面，是占位图吗？",
    "holds ://; percent-encode a value that is a link": "含有 ://；值为链接时请做百分号编码",
    "holds a space": "含有空格",
    "holds characters that are not ASCII; percent-encode them": "含有非 ASCII 字符，请做百分号编码",
    "has %2F in its path; only values after the ? are percent-encoded":
        "路径中有 %2F；只有 ? 之后的值才做百分号编码",
    "a product needs at least one SKU (none)": "商品至少要有一个 SKU（没有）",
}  # fmt: skip

_PICTURES: Table = {
    "has {width} x {height} pixels, at most {limit}": "图片为 {width}×{height} 像素，最大 {limit}",
    "only the first frame is kept when it is made to fit": "调整尺寸时只保留动图的第一帧",
    "is no link": "不是链接",
    "a link must begin with https://": "链接须以 https:// 开头",
    "a link has no spaces": "链接中不能有空格",
    "a link must not hold a user name or password": "链接中不能有用户名或密码",
    "a link needs a host": "链接缺少主机名",
    "a link to a picture has no fragment (#)": "图片链接不能带 # 片段",
    "a link's port must be 443": "链接的端口须为 443",
    "must be relative to the file that names it": "须为相对于所在文件的路径",
    "leaves the catalogue's folder": "超出了清单所在的文件夹",
    "the file does not exist": "文件不存在",
    "must be a file (a folder)": "须为文件（这是文件夹）",
    "must be a file": "须为文件",
    "the file may not be read (permission denied)": "无权读取文件",
    "the file cannot be read": "无法读取文件",
    "is larger than {limit} MB": "超过 {limit} MB",
    "is broken or truncated": "图片损坏或不完整",
    "has too many pixels to be decoded": "像素过多，无法解码",
    "must be PNG, JPEG or GIF, found {type}": "须为 PNG、JPEG 或 GIF，实为 {type}",
}

_KEYS: Table = {
    "is still in {section}, at {place}": "仍在 {section} 中，见 {place}",
    "is not in {section}": "不在 {section} 中",
    "is not in {section}; did you mean {near}?": "不在 {section} 中，是否想写 {near}？",
    "its target is not in {section}": "目标不在 {section} 中",
    "its target is not in {section}; did you mean {near}?": "目标不在 {section} 中，是否想写 {near}？",
    "this id is adopted by {key} as well": "{key} 也绑定了这个 ID",
    "moves in a circle": "改键成环",
    "{key} moves to the same key": "{key} 也改成同一个键",
    "is removed as well, at {place}": "同时写进了 removed:，见 {place}",
    "must be the id of existing goods, a whole number": "须为平台上已有商品的 ID（整数）",
    "must be the id of existing goods, a whole number, without quotes": "须为平台上已有商品的 ID（整数，不加引号）",
}

DIAGNOSTICS: Table = {**_FIELDS, **_GOODS, **_PICTURES, **_KEYS}
