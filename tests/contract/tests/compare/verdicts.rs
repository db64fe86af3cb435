//! Every pair of outcomes, with who is the odd one out.

use contract::{Outcome, compare::Odd};

use crate::{compared, failed, passed};

#[test]
fn whoever_is_alone_is_the_odd_one_out() {
    let check = |a: Option<Outcome>, b: Option<Outcome>, expected: Odd| {
        assert_eq!(compared(&[(a.clone(), b.clone())]).cases[0].odd, expected, "{a:?} {b:?}");
    };
    let new = || Some(Outcome::New("more".into()));
    let unknown = |why: &str| Odd::Unknown(why.to_owned());
    let (skipped, blocked) = (|| Some(Outcome::Skipped("no pan".to_owned())), || Some(Outcome::Blocked("no stove".to_owned())));
    check(passed(), passed(), Odd::Nobody);
    check(failed("status", "201"), passed(), Odd::A);
    check(passed(), failed("status", "201"), Odd::B);
    check(failed("status", "201"), failed("status", "201"), Odd::Document);
    check(failed("/id", "pan_00000001"), failed("/id", "65b1f0a2c3d4e5f6"), Odd::Document);
    check(failed("status", "201"), failed("status", "500"), Odd::Everybody);
    check(failed("status", "201"), failed("/name", "201"), Odd::Everybody);
    check(new(), passed(), Odd::Nobody);
    check(passed(), new(), Odd::Nobody);
    check(new(), new(), Odd::Nobody);
    check(new(), failed("status", "201"), Odd::B);
    check(skipped(), passed(), unknown("skipped on `mock`: no pan"));
    check(failed("status", "201"), skipped(), unknown("skipped on `vendor`: no pan"));
    check(passed(), blocked(), unknown("blocked on `vendor`: no stove"));
    check(blocked(), blocked(), unknown("blocked on `mock`: no stove"));
    check(passed(), Some(Outcome::Unreachable("gone".to_owned())), unknown("no answer from `vendor`: gone"));
    check(passed(), None, unknown("not run on `vendor`"));
    check(None, passed(), unknown("not run on `mock`"));
}

#[test]
fn the_exit_code_is_that_of_what_is_known() {
    let check = |pairs: &[(Option<Outcome>, Option<Outcome>)], expected: u8| {
        assert_eq!(compared(pairs).exit_code(), expected, "{pairs:?}");
    };
    check(&[], 0);
    check(&[(passed(), passed()), (None, passed())], 0);
    check(&[(passed(), passed()), (failed("status", "1"), passed())], 1);
    check(&[(failed("status", "1"), failed("status", "1"))], 1);
    check(&[(failed("status", "1"), failed("status", "2"))], 1);
    check(&[(None, passed()), (passed(), None)], 3);
}
