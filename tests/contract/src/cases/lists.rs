//! Laws of lists.

use specs::{
    api::Operation,
    resources::{Action, Comparison, Filter, PageFact, Place, Role},
};

use super::{Sheet, changes::law, orders};
use crate::{
    case::Law,
    laws::filtered::parent_filter,
    operations::{is_optional, names},
    rule,
};

/// The pages that the law of pages walks.
const SMALL: usize = 2;

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let operation = sheet.operation;
    let all = [rule::PAGES, rule::PAGE_SIZE, rule::PAGE_FACT, rule::FILTER, rule::ORDER, rule::SORT, rule::PARENT_ALONE];
    other_parents(sheet, operation);
    let Some(role) = operation.role.as_ref().filter(|role| role.action == Action::List) else {
        return sheet.none_of(&all, "it lists nothing");
    };
    if role.items.is_none() {
        return sheet.none_of(&all, "nothing says where the answer has its items");
    }
    pages(sheet, role);
    filters(sheet, role);
    orders::fill(sheet, role);
    parents(sheet, operation, role);
}

fn pages(sheet: &mut Sheet<'_>, role: &Role) {
    let Some(pagination) = &role.pagination else {
        return sheet.none_of(&[rule::PAGES, rule::PAGE_SIZE, rule::PAGE_FACT], "it has no pages");
    };
    if pagination.size.is_none() || pagination.max_size.is_some_and(|most| most < SMALL) {
        sheet.none_of(&[rule::PAGES, rule::PAGE_SIZE], "the size of a page cannot be chosen");
    } else {
        law(sheet, rule::PAGE_SIZE, "", "page_size_is_obeyed", Law::PageSize);
        if pagination.position.is_some() {
            law(sheet, rule::PAGES, "", "pages_visit_everything_once", Law::Pages);
        } else {
            sheet.none(rule::PAGES, "", "no parameter chooses the page");
        }
    }
    if pagination.shows.is_empty() {
        sheet.none(rule::PAGE_FACT, "", "the answer says nothing about its page");
    }
    for (fact, place) in &pagination.shows {
        law(sheet, rule::PAGE_FACT, place, &format!("{}_is_true", word(*fact)), Law::PageFact(*fact, place.clone()));
    }
}

fn word(fact: PageFact) -> &'static str {
    match fact {
        PageFact::HasMore => "has_more",
        PageFact::Total => "total",
        PageFact::Position => "position",
        PageFact::Size => "size",
        PageFact::Count => "count",
        PageFact::Pages => "pages",
        PageFact::Next => "next",
    }
}

fn filters(sheet: &mut Sheet<'_>, role: &Role) {
    if role.filters.is_empty() {
        sheet.none(rule::FILTER, "", "it has no filters");
    }
    for (position, filter) in role.filters.iter().enumerate() {
        let name = format!("filters_by_{}", filter.parameter);
        match filter_law(sheet, role, position, filter) {
            Ok(wanted) => law(sheet, rule::FILTER, &filter.parameter, &name, wanted),
            Err(reason) => sheet.none(rule::FILTER, &filter.parameter, reason),
        }
    }
}

/// How a filter is put to the test: by what the items show, or by the parent that they were made under.
fn filter_law(sheet: &Sheet<'_>, role: &Role, position: usize, filter: &Filter) -> Result<Law, String> {
    let suite = sheet.suite;
    if filter.properties.iter().any(|property| suite.shows(sheet.operation, property) != Some(false)) {
        return Ok(Law::Filter(position));
    }
    let parent = filter.properties.iter().find(|property| suite.parent_of(&role.resource, property).is_some());
    let Some(parent) = parent.filter(|_| matches!(filter.comparison, Comparison::Equal | Comparison::In)) else {
        return Err("an item does not show what it looks at".to_owned());
    };
    match lone(sheet, role, parent) {
        Some(reason) => Err(reason),
        None => Ok(Law::FilterParent(position, parent.clone())),
    }
}

fn parents(sheet: &mut Sheet<'_>, operation: &Operation, role: &Role) {
    if let Some(filter) = parent_filter(sheet.suite, role).filter(|_| role.parents.is_empty()) {
        let reason = format!("the filter `{}` chooses it", filter.parameter);
        sheet.none(rule::PARENT_ALONE, "", reason);
    } else if role.parents.is_empty() {
        sheet.none(rule::PARENT_ALONE, "", "it lists the items of all parents");
    }
    for (property, place) in &role.parents {
        if is_optional(operation, place) {
            sheet.none(rule::PARENT_ALONE, property, "without it the items of all parents are listed");
        } else if let Some(reason) = lone(sheet, role, property) {
            sheet.none(rule::PARENT_ALONE, property, reason);
        } else {
            law(sheet, rule::PARENT_ALONE, property, &format!("lists_its_{property}_alone"), Law::ParentAlone(property.clone()));
        }
    }
}

/// An item whose path names its parent is not there under another one.
fn other_parents(sheet: &mut Sheet<'_>, operation: &Operation) {
    let Some(role) = operation.role.as_ref().filter(|role| matches!(role.key, Some(Place::Path(_))) && role.action != Action::Create)
    else {
        return sheet.none(rule::OTHER_PARENT, "", "its path names no item");
    };
    let in_path: Vec<&String> =
        role.parents.iter().filter(|(_, place)| matches!(place, Place::Path(_))).map(|(property, _)| property).collect();
    if in_path.is_empty() {
        return sheet.none(rule::OTHER_PARENT, "", "its path names no parent");
    }
    for property in in_path {
        if role.makes {
            sheet.none(rule::OTHER_PARENT, property, "it makes what is not there");
        } else if let Some(reason) = lone(sheet, role, property) {
            sheet.none(rule::OTHER_PARENT, property, reason);
        } else {
            let name = format!("refuses_it_under_another_{property}");
            law(sheet, rule::OTHER_PARENT, property, &name, Law::OtherParent(property.clone()));
        }
    }
}

/// Why no items of two parents can be told apart.
fn lone(sheet: &Sheet<'_>, role: &Role, property: &str) -> Option<String> {
    let suite = sheet.suite;
    if !suite.all_acting(&role.resource, Action::Create).any(|create| names(create, property)) {
        return Some(format!("nothing creates `{}` under a chosen one", role.resource));
    }
    let parent = suite.parent_of(&role.resource, property)?;
    let several = suite.seeded(parent).count() > 1 || suite.acting(parent, Action::Create).is_some() || !suite.is_closed(parent);
    (!several).then(|| "only one is known".to_owned())
}
