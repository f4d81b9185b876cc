"""What the commands and the text reports say themselves. By the English template."""

from __future__ import annotations

from catalog_sync.report.language import Table

_PLAN: Table = {
    "Ready: apply will do this now": "可执行：apply 现在就会做",
    "Deferred: the day's quota is spent": "顺延：当天额度已用完",
    "Waiting for the platform's review": "等待平台审核",
    "Blocked: a rule or a person must act": "已拦下：受规则限制或需人工处理",
    "{heading} ({count})": "{heading}（{count}）",
    "on {day}": "{day} 执行",
    "from {time}": "{time} 起执行",
    "was {address}": "原为 {address}",
    "held back: {fields}: {message}": "暂不改动：{fields}。{message}",
    "late: it will miss its needed_by": "赶不上：晚于 needed_by 的期限",
    "note: {note}": "备注：{note}",
    "Warning: {message}": "提醒：{message}",
    "the platform was not read whole: {reason}": "平台数据没有读全：{reason}",
    "Unsafe ({code}): {message} {hint}.": "不安全（{code}）：{message}{hint}。",
    "Not managed here: {count} on the platform.": "不由本清单管理：平台上 {count} 个。",
    "Not managed here: {count} on the platform, {console} of them made in the console.":
        "不由本清单管理：平台上 {count} 个，其中 {console} 个是在后台创建的。",
    "{count} planned": "计划 {count}",
    "{count} used": "已用 {count}",
    "{count} left of {limit}": "剩余 {count}，上限 {limit}",
    "{count} left of {limit}, {reserve} in reserve": "剩余 {count}，上限 {limit}，预留 {reserve}",
    "and {count} more rows, to {day}; --format json has them all":
        "另有 {count} 行，到 {day} 为止；全部内容见 --format json",
}  # fmt: skip

_RESULT: Table = {
    "What remains is under review, deferred or held: `catalog-sync status` says which.":
        "剩余的在审核中、已顺延或已拦下：详见 `catalog-sync status`。",
    "{sign}: {address} ({action})": "{sign}：{address}（{action}）",
    "the platform said: {errmsg}": "平台返回：{errmsg}",
}  # fmt: skip

_DRIFT: Table = {
    "Edited by others": "被他人改动",
    "Cover replaced by others": "封面被他人更换",
    "Gone from the platform": "平台上已没有",
    "On the platform, bound to no key": "平台上有，但未绑定到任何键",
    "No drift. Nobody else changed what we bound.": "没有偏差：已绑定的商品没有被他人改动。",
    "Drift: {counts}": "偏差：{counts}",
}

_STATUS: Table = {
    "ITEM": "商品",
    "REVIEW": "审核",
    "ID": "ID",
    "LEFT TO DO": "待处理",
    "note on {address}: {note}": "{address} 的备注：{note}",
    "made in the console": "在后台创建",
    "Not managed here": "不由本清单管理",
    "{count} of {all} items are approved and as the catalogue says.":
        "{all} 个商品中，{count} 个审核通过且与清单一致。",
    "{count} under review": "{count} 个审核中",
    "{count} rejected": "{count} 个审核驳回",
    "{count} not submitted": "{count} 个未提审",
    "{count} not there": "{count} 个平台上没有",
    "under review": "审核中",
    "{action}, {disposition}: {message}": "{action}，{disposition}：{message}",
    "{address}: {message}": "{address}：{message}",
}  # fmt: skip

_MESSAGES: Table = {
    "Error: {message}": "错误：{message}",
    "Hint: {hint}": "提示：{hint}",
    "Interrupted.": "已中断。",
    "Terminated.": "已终止。",
    "Apply this change?": "执行这项变更吗？",
    "Apply these {count} changes?": "执行这 {count} 项变更吗？",
    "Queued: {queued} · Queued before: {before}": "已排队：{queued} · 此前已在排队：{before}",
    "Nothing was sent.": "没有发送任何调用。",
    "Nothing is under review.": "没有商品在审核。",
    "Saved: {path}; `catalog-sync apply {path}` carries out what of it holds then.":
        "已保存：{path}；`catalog-sync apply {path}` 会执行其中届时仍成立的部分。",
    "Applying the plan {id}, made by {actor} at {time}.": "正在执行计划 {id}，由 {actor} 于 {time} 制作。",
    "another run is writing now; what it has under way is shown as waiting.":
        "另一个任务正在写入；它尚未完成的部分显示为等待中。",
    "Warning: the platform was not read whole: {reason}. There may be more drift than this.":
        "提醒：平台数据没有读全：{reason}。实际偏差可能更多。",
    "Waiting for the lock: {reason}": "等待锁：{reason}",
    "no backup of the state was made: {reason}": "状态库没有备份：{reason}",
    "--events cannot be written any more; the run goes on without.": "--events 已无法写入，继续执行但不再记录。",
    "Stopped: {reason}": "已停止：{reason}",
    "Stopped: {reason}. {hint}": "已停止：{reason}。{hint}",
    "Stopped by --timeout; still waiting for {reason}.": "到 --timeout 的时间，已停止；还在等：{reason}。",
    "Waiting for {reason}; looking again at {time}.": "等待中：{reason}；{time} 再查看。",
    "This round could not be made, and is tried again: {reason}": "这一轮没有做成，会再试：{reason}",
    "{call}: {reason}": "{call}：{reason}",
    "{code}: {message}": "{code}：{message}",
    "{address} is bound to {id}.": "{address} 已绑定到 {id}。",
    "{address} is not clear: it looks like {ids}. Bind it by hand.":
        "{address} 无法确定：与 {ids} 都相符，请手动绑定。",
    "Adopted: {count} · Not clear: {unclear}": "已绑定：{count} · 无法确定：{unclear}",
    "warning": "提醒",
    "valid": "没有问题",
    "1 error": "1 个错误",
    "{count} errors": "{count} 个错误",
    "1 warning": "1 条提醒",
    "{count} warnings": "{count} 条提醒",
    "fetching covers": "正在获取封面",
    "saving covers": "正在保存封面",
}  # fmt: skip

_FAILURES: Table = {
    "the catalogue has 1 error": "清单有 1 个错误",
    "the catalogue has {count} errors": "清单有 {count} 个错误",
    "nothing can be read any more today: {reason}": "今天已不能再读取平台：{reason}",
    "the platform does not let this account in: {reason}": "平台拒绝了此账号：{reason}",
    "the platform refused to be read: {reason}": "平台拒绝读取：{reason}",
    "the platform cannot be read ({call}): {reason}": "读不到平台（{call}）：{reason}",
    "{reason}; it said: {errmsg}": "{reason}；平台返回：{errmsg}",
    "try again in a while": "请稍后再试",
    "another run took the lock over: nothing more was sent": "锁已被另一个任务接管，没有再发送任何调用",
    "run the command again; `catalog-sync lock list` shows who holds the lock":
        "请重新运行该命令；`catalog-sync lock list` 可看到是谁持有锁",
    "apply asks before it changes anything, and nobody can answer here": "apply 在改动之前会询问，而这里没有人能回答",
    "give --yes": "请加 --yes",
    "the plan was made from another state": "该计划是用另一个状态库制作的",
    "nothing of the plan holds any more: every item of it has changed since": "该计划已全部失效：其中的商品都有了变化",
    "apply it where it was made": "请在制作它的地方执行",
    "plan again: it shows what is left": "请重新制作计划，可看到还剩什么",
}  # fmt: skip

_PROGRESS: Table = {
    "{what}: {done} of {total}": "{what}：{done}/{total}",
    "{what}: {done} of {total} ({pace})": "{what}：{done}/{total}（{pace}）",
    "[{done}/{total}]": "[{done}/{total}]",
    "[{done}/{total}] {pace}": "[{done}/{total}] {pace}",
    "{rate}, {time} left": "{rate}，还需 {time}",
    "{count}/s": "每秒 {count} 个",
    "{count}/min": "每分钟 {count} 个",
    "{count}/h": "每小时 {count} 个",
    "{count} s": "{count} 秒",
    "{count} min": "{count} 分钟",
    "{count} h": "{count} 小时",
}

COMMANDS: Table = {**_PLAN, **_RESULT, **_DRIFT, **_STATUS, **_MESSAGES, **_FAILURES, **_PROGRESS}
