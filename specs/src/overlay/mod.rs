//! stub
use crate::{
    document::{Document, Source},
    problem::Problem,
};
pub(crate) fn apply(_document: &mut Document, _source: &Source, _problems: &mut Vec<Problem>) {}
