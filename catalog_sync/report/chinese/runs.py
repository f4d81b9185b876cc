"""What a run says: how calls and changes ended, what it waits for. By the English template."""

from __future__ import annotations

from catalog_sync.report.language import Table

_CALLS: Table = {
    "the name of {host} cannot be resolved": "无法解析 {host} 的域名",
    "{host} accepts no connection": "{host} 拒绝连接",
    "{host} did not accept a connection in time": "连接 {host} 超时",
    "the certificate of {host} is not trusted": "{host} 的证书不受信任",
    "behind a proxy that opens TLS, name its certificates in REQUESTS_CA_BUNDLE":
        "如果代理会解密 TLS，请用 REQUESTS_CA_BUNDLE 指定其证书",
    "the address of the platform or of the proxy is not valid": "平台或代理的地址无效",
    "check the network, the proxy and --api-base": "请检查网络、代理和 --api-base",
    "the proxy before {host}": "{host} 前的代理",
    "no answer came in time": "等待应答超时",
    "the connection was lost before the whole answer came": "应答没有收完，连接就断了",
    "the answer was HTTP {status}": "应答为 HTTP {status}",
    "the answer was not JSON": "应答不是 JSON",
    "the answer was not a JSON object": "应答不是 JSON 对象",
    "the answer's errcode was not a number": "应答的 errcode 不是数字",
    "the answer was larger than {count} bytes": "应答超过 {count} 字节",
    "the whole answer did not come in time": "没有按时收完应答",
    "the platform's answer cannot be read: {reason}": "平台的应答无法读取：{reason}",
    "the platform's answer holds no goods id": "平台的应答中没有 goodsId",
    "the platform's answer holds no sku_id": "平台的应答中没有 sku_id",
    "the platform's answer holds no link": "平台的应答中没有链接",
    "the platform's answer holds no media_id": "平台的应答中没有 media_id",
    "the platform's answer holds no token": "平台的应答中没有令牌",
    "the goods may exist all the same": "商品可能仍已建成",
    "the SKU may exist all the same": "SKU 可能仍已建成",
    "no token: {reason}": "没有令牌：{reason}",
    "{reason}, a new token too": "{reason}，换新令牌也一样",
    "the platform gives the refused token again": "平台又返回了已被拒绝的令牌",
    "the platform refuses the token of CATALOG_SYNC_ACCESS_TOKEN": "平台拒绝了 CATALOG_SYNC_ACCESS_TOKEN 中的令牌",
    "put a new token there, or use CATALOG_SYNC_SECRET or CATALOG_SYNC_TOKEN_COMMAND":
        "请换上新令牌，或改用 CATALOG_SYNC_SECRET 或 CATALOG_SYNC_TOKEN_COMMAND",
    "CATALOG_SYNC_ACCESS_TOKEN is no token": "CATALOG_SYNC_ACCESS_TOKEN 不是令牌",
    "it has blanks or characters outside ASCII": "其中有空格或非 ASCII 字符",
    "CATALOG_SYNC_TOKEN_COMMAND is no command": "CATALOG_SYNC_TOKEN_COMMAND 不是命令",
    "check its quotes; it runs without a shell": "请检查引号；它不经过 shell 运行",
    "the token command cannot be run": "无法运行令牌命令",
    "check CATALOG_SYNC_TOKEN_COMMAND": "请检查 CATALOG_SYNC_TOKEN_COMMAND",
    "the token command did not end in time": "令牌命令超时",
    "the token command ended with exit status {status}": "令牌命令的退出码为 {status}",
    "run CATALOG_SYNC_TOKEN_COMMAND by hand": "请手动运行 CATALOG_SYNC_TOKEN_COMMAND 试试",
    "the token command printed no token": "令牌命令没有输出令牌",
    "its first line has to be the token alone": "输出的第一行应当只有令牌",
    "the token command prints the refused token again": "令牌命令又输出了已被拒绝的令牌",
    "it must print a new token when the old one is dead": "旧令牌失效后，它须输出新令牌",
}  # fmt: skip

_CHANGES: Table = {
    "Not started: an earlier item failed and --fail-fast was given.": "未开始：前面有商品失败，且用了 --fail-fast。",
    "run apply again": "请再执行一次 apply",
    "apply again": "请再执行一次 apply",
    "run apply again; it goes on from here": "请再执行一次 apply，会从这里接着做",
    "The run was broken off by an error of its own.": "本次执行因自身的错误而中断。",
    "Not answered when the run was told to stop.": "收到停止命令时，平台还没有应答。",
    "the next run looks whether it was done": "下次执行会先查看它是否已完成",
    "the next run looks whether it was done; nothing is sent twice": "下次执行会先查看它是否已完成，不会重复发送",
    "Not started: the worker was told to stop.": "未开始：worker 收到停止命令。",
    "another worker goes on from here": "由另一个 worker 接着做",
    "the token in {path} is refused": "{path} 中的 token 被拒绝",
    "who keeps it has to write a new one": "请由维护它的人写入新的 token",
    "its key stands under another {kind} ({id}), and a key never moves":
        "它的键属于另一个 {kind}（{id}），而键不能转移",
    "its key is still held by one that the draft does not show any more":
        "它的键仍被草稿中已看不到的一个占用",
    "take a new key": "请换一个新键",
    "Not started: the run was told to stop.": "未开始：收到停止命令。",
    "{address} and {count} more": "{address} 等（另有 {count} 个）",
    "Not submitted: {items} did not land, and half a draft is not submitted.":
        "未提交：{items} 没有完成，不提交半份草稿。",
    "Not deleted: {items} did not land, and the last one stays until there is another.":
        "未删除：{items} 没有完成，在有别的之前保留最后一个。",
    "Nothing is left of {pool} in this hour.": "这一小时的{pool}额度已用完。",
    "apply again in an hour": "一小时后再执行 apply",
    "Nothing is left of {pool} today.": "今天的{pool}额度已用完。",
    "the next quota day's run goes on": "下一个额度日再执行时接着做",
    "It was answered, and the answer could not be stored: {reason}": "平台已应答，但应答无法保存：{reason}",
    "mend the state, then `catalog-sync state recover {path}`":
        "修复状态库，再运行 `catalog-sync state recover {path}`",
    "Not even {path} could be written. Keep this line: {line}": "连 {path} 也写不进去。请保存好这一行：{line}",
    "The upload of its picture ends too soon to be used.": "上传的图片很快就会失效，来不及使用。",
    "The call whose answer was lost has landed; the next step was not sent.":
        "丢失应答的调用其实已完成；下一步还没有发送。",
    "Another run took the lock over: nothing more is sent.": "锁已被另一个任务接管，不再发送任何调用。",
    "The item is not as it was when the plan was made; nothing was sent.":
        "商品与制作计划时已不同，没有发送任何调用。",
    "plan again, and have that reviewed": "请重新制作计划并复核",
}  # fmt: skip

_COVERS: Table = {
    "{host} did not answer within {seconds} s": "{host} 在 {seconds} 秒内没有应答",
    "{host} redirects more than {count} times": "{host} 重定向超过 {count} 次",
    "{host}: covers are fetched by https on port 443 only": "{host}：封面只能通过 https 的 443 端口获取",
    "{host} answered HTTP {status}": "{host} 返回 HTTP {status}",
    "the picture at {host} is larger than {count} MB": "{host} 上的图片超过 {count} MB",
    "{host} did not answer in time": "{host} 应答超时",
    "put the picture back and plan again": "请把图片放回原处，重新制作计划",
    "the picture was changed since the plan": "制作计划后图片又改过",
    "plan again": "请重新制作计划",
}

_WAITS: Table = {
    "reading {kind}": "正在读取{kind}",
    "1 bound item was not in the lists; asking again in {seconds} s before calling that gone.":
        "有 1 个已绑定的商品不在列表中；{seconds} 秒后再查一次，才能断定它已不在。",
    "{count} bound items were not in the lists; asking again in {seconds} s before calling that gone.":
        "有 {count} 个已绑定的商品不在列表中；{seconds} 秒后再查一次，才能断定它们已不在。",
    "A call of an earlier run may still be under way; looking again in {seconds} s.":
        "前一次执行的调用可能还在进行；{seconds} 秒后再查看。",
    "{count} under review; looking again in {seconds} s.": "{count} 个正在审核；{seconds} 秒后再查看。",
    "1 item is still under review after {seconds} s, {address} among them":
        "过了 {seconds} 秒，仍有 1 个商品在审核：{address}",
    "{count} items are still under review after {seconds} s, {address} among them":
        "过了 {seconds} 秒，仍有 {count} 个商品在审核，其中有 {address}",
    "a review can take hours; wait again, or see `catalog-sync status`":
        "审核可能要几个小时；可以再等，或查看 `catalog-sync status`",
    "{reviewed} under review": "{reviewed} 个在审核",
    "{deferred} for tomorrow's quota": "{deferred} 个等明天的额度",
    "{deferred} for the next hour's quota": "{deferred} 个等下一小时的额度",
    "{reviewed} under review and {quota}": "{reviewed} 个在审核，{quota}",
}  # fmt: skip

RUNS: Table = {**_CALLS, **_CHANGES, **_COVERS, **_WAITS}
