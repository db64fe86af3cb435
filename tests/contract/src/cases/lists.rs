//! Laws of lists.

use specs::{
    api::Operation,
    resources::{Action, PageFact, Place, Role},
};

use super::Sheet;
use crate::{
    case::{Kind, Law},
    rule::{self, Rule},
};

/// The pages that the law of pages walks.
const SMALL: usize = 2;

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let operation = sheet.operation;
    let all = [rule::PAGES, rule::PAGE_SIZE, rule::PAGE_FACT, rule::FILTER, rule::PARENT_ALONE];
    let Some(role) = operation.role.as_ref().filter(|role| role.action == Action::List) else {
        return sheet.none_of(&all, "it lists nothing");
    };
    if role.items.is_none() {
        return sheet.none_of(&all, "nothing says where the answer has its items");
    }
    pages(sheet, role);
    filters(sheet, role);
    parents(sheet, operation, role);
}

fn law(sheet: &mut Sheet<'_>, rule: Rule, place: &str, name: &str, law: Law) {
    let at = if place.is_empty() { String::new() } else { format!(", `{place}`") };
    let sentence = format!("`{}`{at}: {}", sheet.operation.id, rule.promise);
    sheet.case(rule, place, name, sentence, Kind::Law(law));
}

fn pages(sheet: &mut Sheet<'_>, role: &Role) {
    let Some(pagination) = &role.pagination else {
        return sheet.none_of(&[rule::PAGES, rule::PAGE_SIZE, rule::PAGE_FACT], "it has no pages");
    };
    if pagination.size.is_none() || pagination.max_size < SMALL {
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
        law(sheet, rule::FILTER, &filter.parameter, &format!("filters_by_{}", filter.parameter), Law::Filter(position));
    }
}

fn parents(sheet: &mut Sheet<'_>, operation: &Operation, role: &Role) {
    let suite = sheet.suite;
    let creates = suite.acting(&role.resource, Action::Create).and_then(|create| create.role.as_ref());
    if role.parents.is_empty() {
        sheet.none(rule::PARENT_ALONE, "", "it lists the items of all parents");
    }
    for (property, place) in &role.parents {
        let optional = match place {
            Place::Query(name) => operation.parameters.iter().any(|parameter| parameter.name == *name && !parameter.required),
            _ => false,
        };
        let placed = creates.is_some_and(|create| create.parents.iter().any(|(known, _)| known == property));
        let parent = suite.parent_of(&role.resource, property);
        let several = parent.is_none_or(|parent| {
            suite.seeded(parent).count() > 1 || suite.acting(parent, Action::Create).is_some() || !suite.is_closed(parent)
        });
        if optional {
            sheet.none(rule::PARENT_ALONE, property, "without it the items of all parents are listed");
        } else if !placed {
            sheet.none(rule::PARENT_ALONE, property, format!("nothing creates `{}` under a chosen one", role.resource));
        } else if !several {
            sheet.none(rule::PARENT_ALONE, property, "only one is known");
        } else {
            law(sheet, rule::PARENT_ALONE, property, &format!("lists_its_{property}_alone"), Law::ParentAlone(property.clone()));
        }
    }
}
