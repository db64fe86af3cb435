//! When requests are sent: every way in which a server says to wait, and what a run keeps to by itself. Time stands
//! still but for the waits, so that each is seen to the millisecond.

mod budgets;
mod connections;
mod refusals;
mod vendor;
