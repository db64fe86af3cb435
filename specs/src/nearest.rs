//! The name that somebody meant who wrote another one.

/// How many letters two names may differ in for one to be meant by the other.
const SLIPS: usize = 2;

/// The known name that is nearest to this one; `None` when it is like none of them.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let measured = known.into_iter().map(|known| (distance(known, name), known));
    measured.filter(|(distance, _)| *distance <= SLIPS).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// How many letters have to be added, removed or changed to make one name the other.
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > SLIPS {
        return usize::MAX;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, wanted) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn names_are_as_far_apart_as_their_letters() {
        assert_eq!(distance("x-mock", "x-mock"), 0);
        assert_eq!(distance("x-mock", "x-mok"), 1);
        assert_eq!(distance("x-resource", "x-resources"), 1);
        assert_eq!(distance("x-docs", "x-dosc"), 2);
        assert!(distance("x-docs", "x-tagGroups") > 2);
    }

    #[test]
    fn the_nearest_name_is_found_and_no_far_one() {
        assert_eq!(nearest("sent", ["seed", "send", "gets"]), Some("send"));
        assert_eq!(nearest("headers", ["send", "gets"]), None);
    }
}
