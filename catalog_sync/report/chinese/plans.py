"""The sentences of a plan: changes, holds, guards, warnings, what was seen. By their English template."""

from __future__ import annotations

from catalog_sync.report.language import Table

_RULES: Table = {
    "The platform shows a review status that this version does not know.": "平台返回了本版本不认识的审核状态。",
    "The item {id} was not made through the API, which may not touch it. Forget it with removed:, or bind another.":
        "商品 {id} 不是通过接口创建的，接口无权改动。请写进 removed: 解除绑定，或绑定另一个商品。",
    "The platform has it already, by name and url, bound to no key: {ids}. Bind it with `adopt {key} {id}` or `adopt "
    "--match`, or add another with --allow-twin {address}.":
        "平台上已有名称和路径相同、尚未绑定的商品：{ids}。请用 `adopt {key} {id}` 或 `adopt --match` 绑定；"
        "确实要再建一个，就加 --allow-twin {address}。",
    "The platform refused this very content before: {meaning}. Change it, or --resubmit {address}.":
        "平台曾拒绝过同样的内容：{meaning}。请修改，或用 --resubmit {address} 再试一次。",
    "{meaning} (errcode {errcode})": "{meaning}（错误码 {errcode}）",
    "The platform's list could not be trusted ({reason}); an add now could make a second item.":
        "平台的商品列表不可信（{reason}），现在新增可能会重复建商品。",
    "The price goes from {before} to {after} yuan, {factor} times or more: yuan or fen? If it is meant: "
    "--allow-price-change {address}.":
        "价格从 {before} 元变为 {after} 元，相差 {factor} 倍以上：是否把元和分弄混了？确实要改，就加 "
        "--allow-price-change {address}。",
    "It is on the platform already; it is bound to this key.": "平台上已有，绑定到这个键。",
    "It was {address}; the key changes, the item stays.": "原为 {address}；只改键，商品不变。",
    "{address} is bound already, so {source} cannot be moved onto it. Take the line out of moved:, or forget one of "
    "the two with removed:.":
        "{address} 已有绑定，{source} 不能改成它。请删去 moved: 中的这一行，或把其中一个写进 removed: 解除绑定。",
    "{problem} Correct the id in adopt:, or take the line out.": "{problem}请改正 adopt: 中的 ID，或删去这一行。",
    "The item {id} was deleted by catalog-sync.": "商品 {id} 已被 catalog-sync 删除。",
    "The item {id} is bound to another key.": "商品 {id} 已绑定到另一个键。",
    "The platform shows no item {id}.": "平台上没有商品 {id}。",
    "The item {id} was made in the console: the API may not touch it.": "商品 {id} 是在后台创建的，接口无权改动。",
    "The platform has {key} under another {kind} ({id}), and a key never moves. Take a new key.":
        "平台上 {key} 属于另一个 {kind}（{id}），而键不能转移。请换一个新键。",
    "It could not be read; apply again.": "没能读到它；请再执行 apply。",
    "Its product could not be read; apply again.": "没能读到它的商品；请再执行 apply。",
    "Its move is held back; see the key that it is to become.": "改键已拦下，原因见它要改成的键。",
    "No day has room for its calls: {pools} is limited below what one item needs. See quota:.":
        "任何一天都放不下它的调用：{pools}的上限低于一个商品所需。请检查 quota:。",
    "Another run is writing it now.": "另一个任务正在写入它。",
    "A call may still be under way.": "可能还有一次调用在进行。",
    "The answer to its {call} was lost, and looking does not tell: {reason}. If one of them is it: `catalog-sync adopt "
    "{key} ID`; if none is: `catalog-sync state rm {address}`.":
        "“{call}”的应答丢失，查看平台也无法判定：{reason}。如果其中一个就是它，用 `catalog-sync adopt {key} ID`；"
        "如果都不是，用 `catalog-sync state rm {address}`。",
    "The answer to its {call} was lost, and looking does not tell: {reason}. Apply again later; `catalog-sync state rm "
    "{address}` drops the call unjudged.":
        "“{call}”的应答丢失，查看平台也无法判定：{reason}。请稍后再执行 apply；`catalog-sync state rm {address}` "
        "会直接作废这次调用，不作判定。",
    "the platform does not show the item, nor confirm that it is gone": "平台没有显示该商品，也没有确认它已不在",
    "the platform shows a review status that is not known": "平台返回了无法识别的审核状态",
    "the platform's list could not be trusted ({reason})": "平台的商品列表不可信（{reason}）",
    "{count} adds of this content lost their answer, and these new items look like it: {ids}":
        "有 {count} 次同样内容的新增丢失了应答，这些新商品与之相符：{ids}",
    "a new item resembles it: {ids}": "有新商品与之相似：{ids}",
}  # fmt: skip

_GOODS: Table = {
    "Not on the platform yet.": "平台上还没有。",
    "cover: keep has no picture to upload. Name a file or an https link.":
        "cover: keep 没有可上传的图片。请填写图片文件或 https 链接。",
    "It is gone from the platform; it is added again.": "平台上已没有，重新新增。",
    "The platform did not show it, nor confirm it gone.": "平台没有显示它，也没有确认它已不在。",
    "The platform shows a review status that is not known.": "平台返回了无法识别的审核状态。",
    "Written a moment ago; the platform still shows the old value.": "刚刚写入，平台仍显示旧值。",
    "The platform took {fields} and still shows the old value. Change it, or --resubmit.":
        "平台接受了{fields}，但仍显示旧值。请换一个值，或用 --resubmit 再提交一次。",
    "It is not under review; it is submitted.": "尚未提审，现在提交审核。",
    "Unaudited goods may change every field.": "未提审的商品可以修改所有字段。",
    "Under review, equal to the catalogue.": "审核中，内容与清单一致。",
    "Withdrawn from review, changed, submitted again.": "撤回审核，修改后重新提审。",
    "The price follows once it is approved, without a submission; until then it may go on sale at the old one.":
        "审核通过后再改价，不占提审额度；在此之前可能按旧价上架。",
    "policy.in_audit: wait. It is changed after the verdict.": "policy.in_audit: wait，审核出结果后再修改。",
    "Somebody else changed {fields} on the platform. Put that into the catalogue, or --resubmit to put ours back.":
        "有人在平台上改过{fields}。请把改动写进清单，或用 --resubmit 改回清单的内容。",
    "Approved goods may change price at once.": "审核通过的商品可以直接改价。",
    "Approved goods may only change price. Put the old content back, or set locked_change: replace: a new item is "
    "added and reviewed, and this one is deleted.":
        "审核通过的商品只能改价格。请改回原来的内容；或设置 locked_change: replace，新增一个商品送审，并删除这一个。",
    "Approved goods keep their content: a new item is added; this one stays until that is approved.":
        "审核通过的商品不能改内容：新增一个商品，这一个保留到新商品审核通过。",
    "Approved goods keep their content: a new item is added, then this one is deleted, from its rooms, too. It is off "
    "sale until the new one is approved.":
        "审核通过的商品不能改内容：先新增一个商品，再删除这一个，直播间里的也会移除。新商品审核通过之前无法售卖。",
    "protect: true forbids to delete or replace it.": "已设 protect: true，不能删除或替换。",
    "The run that adopts an item neither deletes nor replaces it.": "绑定商品的这一次执行既不删除也不替换它。",
    "The review refused it, and nothing was changed since. Edit it, or --resubmit to submit it as it is.":
        "审核驳回后没有改动过。请修改商品，或用 --resubmit 原样再提审一次。",
    "Rejected goods are changed and submitted again.": "审核驳回的商品，修改后重新提审。",
    "This app does not take changes to rejected goods: a new item is added, then this one is deleted.":
        "该小程序不允许修改被驳回的商品：先新增一个商品，再删除这一个。",
    "One of the two items of its replacement was not shown.": "替换中的两个商品，平台只显示了一个或都没有显示。",
    "The catalogue is what the old item is, again: the new one is deleted.": "清单又与旧商品一致，删除新商品。",
    "Its replacement is there; the old item is deleted.": "新商品已就位，删除旧商品。",
    "protect: true keeps the old item beside the new one.": "已设 protect: true，旧商品与新商品一同保留。",
    "Its replacement is under review; the old item stays on sale until that is approved.":
        "新商品正在审核；审核通过之前，旧商品继续售卖。",
    "removed: it is forgotten, not deleted.": "按 removed: 解除绑定，不删除商品。",
    "It is gone from both sides.": "清单和平台上都已没有。",
    "protect: true forbids to delete it. removed: forgets it instead.":
        "已设 protect: true，不能删除。可以写进 removed: 只解除绑定。",
    "The catalogue no longer lists it.": "清单中已没有。",
    "policy.in_audit: wait. It is deleted after the verdict.": "policy.in_audit: wait，审核出结果后再删除。",
    "Under review, and its auditId is not known (the answer was lost, or it was adopted): it cannot be withdrawn.":
        "审核中，而审核单号（auditId）未知（应答丢失，或是后来绑定的），无法撤回审核。",
}  # fmt: skip

_STORE: Table = {
    "Not in the product yet.": "商品里还没有这个 SKU。",
    "It is gone from the product's draft; it is added again.": "商品草稿里已没有，重新新增。",
    "The store has no such product. Make it in the console first.": "小商店中没有该商品，请先在后台创建。",
    "The product's draft is under review and locked; it is changed afterwards.":
        "商品草稿正在审核，已锁定；审核结束后再修改。",
    "Its draft is changed.": "修改草稿。",
    "A listed SKU changes price at once, without a review.": "已上架的 SKU 直接改价，无需审核。",
    "A listed SKU changes stock at once, without a review.": "已上架的 SKU 直接改库存，无需审核。",
    "A listed SKU changes price and stock at once, without a review.": "已上架的 SKU 直接改价格和库存，无需审核。",
    "The platform took {fields} and still shows the old value. Change it, or --resubmit {address}.":
        "平台接受了{fields}，但仍显示旧值。请换一个值，或用 --resubmit {address} 再提交一次。",
    "Somebody else changed {fields} in the draft. Put that into the catalogue, or --resubmit {address}.":
        "有人在草稿里改过{fields}。请把改动写进清单，或用 --resubmit {address} 改回清单的内容。",
    "protect: true forbids to delete it.": "已设 protect: true，不能删除。",
    "It is the last SKU of its product. Take the product down in the console.":
        "它是该商品的最后一个 SKU，请在后台把商品下架。",
    "The store has no such product: make it in the console, or name it by its product_id; its SKUs follow then.":
        "小商店中没有该商品：请在后台创建，或填写它的 product_id；之后再处理它的 SKU。",
    "The catalogue lists it no longer, and none of its SKUs is kept here.": "清单中已没有，它的 SKU 也都不再管理。",
    "Its changed draft is submitted.": "草稿有改动，提交上架审核。",
    "Its changed draft is submitted, after the steps of its SKUs.": "草稿有改动，等各 SKU 处理完后提交上架审核。",
    "Its draft is under review.": "草稿审核中。",
    "Its draft is under review; {skus} not online as the draft has it.": "草稿审核中；{skus}线上与草稿不一致。",
    "{told} {skus} in it at another price than the catalogue's, which goes on sale with it; apply again after the "
    "review.": "{told}草稿中{skus}的价格与目录不同，会随之上架；审核后请再次 apply。",
    "1 SKU is": "1 个 SKU ",
    "{count} SKUs are": "{count} 个 SKU ",
    "The review refused its draft, and nothing was changed since. Edit it, or --resubmit {address}.":
        "草稿被审核驳回后没有改动过。请修改，或用 --resubmit {address} 再提交一次。",
    "{skus} not online as the draft has it, and this state knows of no change of ours. Submit the draft in the "
    "console, or --resubmit {address}.":
        "{skus}线上与草稿不一致，而状态库里没有我们改动的记录。请在后台提交草稿，或用 --resubmit {address}。",
    "{skus} not on sale at the price or stock of the draft, although it was submitted since. See the product in the "
    "console, or --resubmit {address}.":
        "{skus}的线上价格或库存与草稿不一致，而草稿之后已经提交过。请到后台查看商品，或用 --resubmit {address}。",
    "It was never on sale; its draft's stock is changed.": "从未上架；改动其草稿中的库存。",
    "listing: false leaves the changed draft unsubmitted; customers see the old one until it is listed.":
        "listing: false，改动后的草稿不提交；重新上架之前，顾客看到的仍是旧内容。",
    "The product is in the recycle bin: take it out in the console, or take it out of products:.":
        "商品在回收站：请在后台恢复，或从 products: 中去掉。",
    "The product was deleted: take it out of products:, or make it anew in the console.":
        "商品已删除：请从 products: 中去掉，或在后台重新创建。",
    "The product was taken down in the console. A listing would put it back on sale: do that there.":
        "商品已在后台下架。提交上架会使它重新售卖，请在后台操作。",
    "The platform took the product down for a violation: see the console for what is to be mended.":
        "商品因违规被平台下架，请到后台查看需要整改的内容。",
    "The platform shows a standing of the product that this version does not know.":
        "平台返回了本版本不认识的商品状态。",
}  # fmt: skip

_GUARDS: Table = {
    "Planned on what was last seen (--no-refresh).": "按上次读到的平台数据制作（--no-refresh）。",
    "plan again without --no-refresh": "去掉 --no-refresh 重新制作计划",
    "{count} of {bound} bound {kind} would be deleted or replaced; {limit} are allowed.":
        "已绑定的 {bound} 个{kind}中有 {count} 个将被删除或替换，最多允许 {limit} 个。",
    "if it is meant: --max-deletes {count}": "确实如此，就加 --max-deletes {count}",
    "{count} of {bound} bound {kind} are gone from the platform; over {limit} at once looks like the wrong app or a "
    "broken list.":
        "已绑定的 {bound} 个{kind}中有 {count} 个在平台上消失了；一次超过 {limit} 个，多半是 AppID 不对或列表有误。",
    "if they are really gone: --accept-losses": "确认它们真的不在了，就加 --accept-losses",
    "It will miss its needed_by.": "赶不上 needed_by 的期限。",
    "The catalogue no longer lists it; it stays.": "清单中已没有，但保留。",
    "It looks like {address} under a new key. The platform keeps a key for good: the old one is deleted, with its "
    "sales and stock, and a new one is made.":
        "像是 {address} 换了新键。平台上的键不能改：旧的会连同销量和库存一起删除，另建一个新的。",
    "It looks like {address} under a new key; moved: {{{before}: {after}}} keeps its item.":
        "像是 {address} 换了新键；写上 moved: {{{before}: {after}}} 即可保留原商品。",
    "The console has an item of the same name and url ({id}), which the API may not touch.":
        "后台已有名称和路径相同的商品（{id}），接口无权改动它。",
    "no reviews seen yet": "还没有见过审核结果",
    "1 review seen": "见过 1 次审核",
    "{count} reviews seen": "见过 {count} 次审核",
}  # fmt: skip

_SEEN: Table = {
    "goods in status {status} could not be read: {reason}": "读不到“{status}”的商品：{reason}",
    "goods in status {status} could not be read whole: {reason}": "“{status}”的商品没有读全：{reason}",
    "the number of goods in status {status} went from {before} to {after} meanwhile":
        "读取期间“{status}”的商品数从 {before} 变为 {after}",
    "the platform counts {total} goods in status {status} and shows fewer":
        "平台称“{status}”的商品有 {total} 个，实际显示的更少",
    "goods in status {status} make no sense: counted {reason}, shown more":
        "“{status}”的商品数目不符：平台称 {reason} 个，实际显示的更多",
    "goods {id} are listed twice": "商品 {id} 在列表中出现了两次",
    "goods {id} have no readable {fields}": "商品 {id} 的{fields}无法读取",
    "an item is not an object": "有一个商品的数据格式不对",
    "an item has no goods id": "有一个商品没有 goodsId",
    "it does not say how many goods there are": "没有说明商品总数",
    "it has no list of goods": "没有商品列表",
    "{what} could not be read: {reason}": "读不到{what}：{reason}",
    "the list of products": "商品列表",
    "the SKUs of product {id}": "商品 {id} 的 SKU",
    "the product with {name} {id}": "{name} 为 {id} 的商品",
    "and {count} more": "另有 {count} 处",
    "a product is not an object": "有一个商品的数据格式不对",
    "a product has no product_id": "有一个商品没有 product_id",
    "product {id} has no readable {name}": "商品 {id} 的 {name} 无法读取",
    "it has no list of products": "没有商品列表",
    "a SKU is not an object": "有一个 SKU 的数据格式不对",
    "a SKU has no sku_id": "有一个 SKU 没有 sku_id",
    "a SKU has no product_id": "有一个 SKU 没有 product_id",
    "it has no list of SKUs": "没有 SKU 列表",
    "SKU {id} has no readable {name}": "SKU {id} 的 {name} 无法读取",
    "it does not say how much stock there is": "没有说明库存数",
    "it has no data": "没有数据",
    "the platform was never looked at": "还从未读取过平台",
    "single items could not be asked for: {reason}": "无法逐个查询商品：{reason}",
    "{reason}; `state rm ADDRESS` forgets what is bound there": "{reason}；`state rm ADDRESS` 可清除那里的绑定记录",
}  # fmt: skip

PLANS: Table = {**_RULES, **_GOODS, **_STORE, **_GUARDS, **_SEEN}
