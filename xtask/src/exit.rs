//! How a verb ended, as a number that scripts can tell apart.

use std::process::ExitCode;

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing is left to do.
    Done,
    /// The arguments are wrong.
    Usage,
    /// Something is to be updated or looked at.
    Attention,
    /// The verb could not do its work, or a check failed.
    Failed,
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage => 2,
            Self::Attention => 4,
            Self::Failed => 100,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
