//! Pages of lists and limits of rates, as the rest of the workspace knows them.

/// How a list is cut into pages (`x-pagination`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// What the position parameter counts.
    pub style: PageStyle,
    /// The query parameter for the position: rows to skip, page number, or cursor.
    pub position: Option<String>,
    /// The query parameter for the size of a page.
    pub size: Option<String>,
    /// Rows of a page when the request does not say.
    pub default_size: usize,
    /// Most rows of a page; where nothing says how many, a page is as large as is asked for.
    pub max_size: Option<usize>,
    /// Places in the response that tell about the page.
    pub shows: Vec<(PageFact, String)>,
    /// The number of the first page, where pages are numbered.
    pub first: usize,
    /// Whether the cursor is the key of the last item of the page before.
    pub after_key: bool,
    /// Places in the response that hold addresses of pages.
    pub links: Vec<(PageLink, String)>,
    /// Headers of the response that tell about the page.
    pub headers: Vec<(PageHeader, String)>,
}

/// Which page an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageLink {
    /// The first page.
    First,
    /// The one before.
    Previous,
    /// This one.
    Own,
    /// The one after.
    Next,
    /// The last one.
    Last,
}

impl PageLink {
    /// The relation type (RFC 8288).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Previous => "prev",
            Self::Own => "self",
            Self::Next => "next",
            Self::Last => "last",
        }
    }
}

/// What a header of a list's response tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageHeader {
    /// Something about the page.
    Fact(PageFact),
    /// The addresses of other pages (RFC 8288).
    Links,
}

/// What the position parameter of a list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// Rows to skip, from 0.
    Offset,
    /// Pages, from 1.
    Page,
    /// An opaque text that the page before gave.
    Cursor,
}

/// What a response tells about its page, by JSON pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageFact {
    /// Whether more rows follow.
    HasMore,
    /// How many rows there are in all.
    Total,
    /// The position of this page, as the parameter counts it.
    Position,
    /// The size of this page as asked for.
    Size,
    /// How many rows are on this page.
    Count,
    /// How many pages there are.
    Pages,
    /// The position of the next page, null when there is none.
    Next,
}

/// A rate limit (`x-rate-limits`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Its name, unique in the document.
    pub name: String,
    /// Requests that are allowed in a window.
    pub limit: u64,
    /// The length of the window in seconds.
    pub window: u64,
    /// When a window begins.
    pub start: WindowStart,
    /// Whose requests are counted together.
    pub per: LimitScope,
    /// The ids of the operations that it is about, as the document writes them; none: all.
    pub operations: Vec<String>,
    /// Response headers, by name, with what each holds.
    pub headers: Vec<(String, LimitHeader)>,
}

/// When the window of a rate limit begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowStart {
    /// When the clock has counted whole windows since 1970, as at midnight UTC for a day.
    Clock,
    /// With the first request after the one before is over.
    FirstRequest,
}

/// Whose requests a rate limit counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// Those with the same credential.
    Key,
    /// Everybody's.
    Account,
}

/// What a rate-limit header holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitHeader {
    /// Requests allowed in a window.
    Limit,
    /// Requests left in this window.
    Remaining,
    /// Requests sent in this window.
    Used,
    /// Seconds until the window ends.
    ResetSeconds,
    /// Milliseconds until the window ends.
    ResetMilliseconds,
    /// The end of the window in Unix seconds.
    ResetUnix,
    /// The end of the window in Unix milliseconds.
    ResetUnixMilliseconds,
    /// The end of the window as an RFC 3339 date and time.
    ResetDate,
    /// The end of the window as the date of HTTP (RFC 9110, section 5.6.7).
    ResetHttpDate,
    /// The window's length in seconds.
    WindowSeconds,
    /// The window's length in milliseconds.
    WindowMilliseconds,
    /// `limit=100, remaining=50, reset=5`, the reset in seconds.
    Structured,
    /// An item of the list that `RateLimit` is in the IETF's draft: `"name";r=50;t=5`.
    Item,
    /// An item of the list that `RateLimit-Policy` is there: `"name";q=100;w=10`.
    Policy,
    /// Seconds to wait, on a refusal only.
    RetryAfter,
    /// When to come again, as the date of HTTP, on a refusal only.
    RetryAfterDate,
}
