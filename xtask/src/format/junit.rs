//! A test report in `JUnit`'s XML, which CI servers read: a suite for each thing that was looked at, a case for each
//! thing that was found in it, and one that passed where nothing was.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::Failure;

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suite {
    /// As the report names it: a document, mostly.
    pub name: String,
    /// What was found; one case that passed stands for none.
    pub cases: Vec<Case>,
}

/// One thing that was looked at or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// Nothing is wrong with it.
    Passed {
        /// What was looked at.
        name: String,
    },
    /// Something is.
    Failed {
        /// Where, as a place that no other case has.
        name: String,
        /// The rule.
        rule: String,
        /// What, in a line.
        message: String,
        /// All that there is to say.
        text: String,
    },
}

/// The report, as text.
///
/// # Errors
/// When the report cannot be written as XML.
pub fn junit(name: &str, suites: &[Suite]) -> Result<String, Failure> {
    let mut report = Report::new(name);
    report.add_test_suites(suites.iter().map(suite));
    report.to_string().map_err(|error| Failure::new("cannot write the report").because(error))
}

fn suite(suite: &Suite) -> TestSuite {
    let mut written = TestSuite::new(suite.name.as_str());
    if suite.cases.is_empty() {
        written.add_test_case(case(&Case::Passed { name: suite.name.clone() }, &suite.name));
    }
    written.add_test_cases(suite.cases.iter().map(|one| case(one, &suite.name)));
    written
}

fn case(case: &Case, class: &str) -> TestCase {
    let (name, status) = match case {
        Case::Passed { name } => (name, TestCaseStatus::success()),
        Case::Failed { name, rule, message, text } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(rule.as_str()).set_message(message.as_str()).set_description(text.as_str());
            (name, status)
        }
    };
    let mut written = TestCase::new(name.as_str(), status);
    written.set_classname(class);
    written
}

#[cfg(test)]
mod tests {
    use super::{Case, Suite, junit};

    #[test]
    fn a_report_has_a_suite_for_each_document() {
        let failed = Case::Failed {
            name: "kite.yaml:7:3".to_owned(),
            rule: "a-rule".to_owned(),
            message: "`<a>` & \"b\"\u{1}".to_owned(),
            text: "all\n]]> of it".to_owned(),
        };
        let suites =
            [Suite { name: "kite.yaml".to_owned(), cases: vec![failed] }, Suite { name: "line.yaml".to_owned(), cases: Vec::new() }];
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"lint\" tests=\"2\" skipped=\"0\" failures=\"1\" errors=\"0\">
    <testsuite name=\"kite.yaml\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"1\">
        <testcase name=\"kite.yaml:7:3\" classname=\"kite.yaml\">
            <failure message=\"`&lt;a&gt;` &amp; &quot;b&quot;\" type=\"a-rule\">all
]]&gt; of it</failure>
        </testcase>
    </testsuite>
    <testsuite name=\"line.yaml\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"0\">
        <testcase name=\"line.yaml\" classname=\"line.yaml\"/>
    </testsuite>
</testsuites>
";
        assert_eq!(junit("lint", &suites).unwrap(), expected);
    }
}
