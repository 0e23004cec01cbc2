//! Long work: asked for, done in the background, looked at while it runs.

use kernel::{Id, Instant};
use meta::{Choice, Entity};

use crate::{Company, User};

/// Long work the server does in the background, such as loading a file. It goes on by itself after a restart.
/// 服务器在后台执行的长时间任务，如导入文件。重启后会自动继续。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "jb",
    kind = "ledger",
    zh = "后台任务",
    title = "kind,entity",
    list = "asked_at,kind,entity,owner,state,done,total,failed",
    sort = "-asked_at",
    index = "company,state;company,owner"
)]
pub struct Job {
    pub id: Id<Job>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    #[field(zh = "类型", group)]
    pub kind: JobKind,
    /// The records it is about, such as party.
    /// 所处理的资料或单据，如 party。
    #[field(label = "Of what", zh = "对象", group, max = 60)]
    pub entity: String,
    /// Who asked for it, and whose rights it has.
    /// 发起人；任务按其权限执行。
    #[field(label = "Asked by", zh = "发起人", group)]
    pub owner: Id<User>,
    #[field(zh = "状态", group)]
    pub state: JobState,
    /// How many rows are dealt with, refused ones included.
    /// 已处理行数（含被拒绝的行）。
    #[field(zh = "已处理")]
    pub done: i64,
    #[field(label = "Rows", zh = "总行数")]
    pub total: i64,
    #[field(zh = "新建")]
    pub created: i64,
    #[field(zh = "更改")]
    pub changed: i64,
    /// Rows that were refused; the reasons are in its result.
    /// 被拒绝的行数；原因见任务结果。
    #[field(label = "Refused", zh = "被拒绝")]
    pub failed: i64,
    /// Only says what would happen; nothing is kept.
    /// 仅试算，不保存。
    #[field(label = "Rehearsal", zh = "仅试算")]
    pub dry: bool,
    #[field(zh = "发起时间")]
    pub asked_at: Instant,
    #[field(zh = "开始时间")]
    pub started_at: Option<Instant>,
    #[field(zh = "结束时间")]
    pub finished_at: Option<Instant>,
    /// Why it failed or waits.
    /// 失败或等待的原因。
    #[field(label = "Reason", zh = "原因", long, optional)]
    pub error: String,
    /// How often it was begun since it last got on.
    /// 自上次取得进展以来的尝试次数。
    #[field(label = "Tries", zh = "尝试次数", hidden)]
    pub tries: i64,
    /// Not before then.
    /// 在此之前不执行。
    #[field(label = "Next try", zh = "下次尝试", hidden)]
    pub due_at: Instant,
    /// Which worker has it, so that no two do.
    /// 正在执行的工作进程。
    #[field(label = "Worker", zh = "工作进程", hidden, optional)]
    pub claimed_by: String,
    /// When another worker may take it: this one is thought dead then.
    /// 在此之后可由其他进程接管。
    #[field(label = "Claimed until", zh = "占用至", hidden)]
    pub claimed_until: Instant,
    /// The only role that counts, when the key of a program asked.
    /// 由接口密钥发起时唯一有效的角色。
    #[field(label = "Only role", zh = "唯一角色", hidden)]
    pub only_role: i64,
    /// The language of its answers.
    /// 结果所用语言。
    #[field(label = "Language", zh = "语言", hidden, optional, max = 2)]
    pub lang: String,
    /// What the columns of its rows are.
    /// 各列的含义。
    #[field(label = "Columns", zh = "列", hidden, json)]
    pub columns: String,
}

/// What is done.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Loads a file.
    #[choice(zh = "导入")]
    Import,
    /// Does many things to records of one sort.
    #[choice(label = "Batch", zh = "批量操作")]
    Batch,
    /// Takes back what another job did.
    #[choice(label = "Undo", zh = "撤销")]
    Undo,
}

/// How far it is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It waits for a worker or its next try.
    #[choice(zh = "等待", tone = "neutral")]
    Waiting,
    /// It is being done.
    #[choice(zh = "进行中", tone = "info")]
    Running,
    /// It is done; refused rows are in its result.
    #[choice(zh = "完成", tone = "good")]
    Done,
    /// It was given up. What was done stays done; it can be taken up again.
    #[choice(zh = "失败", tone = "bad")]
    Failed,
    /// Somebody stopped it. What was done stays done.
    #[choice(zh = "已取消", tone = "warn")]
    Cancelled,
}
