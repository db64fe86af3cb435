//! Texts as a property promises them.
//!
//! The data comes from the lists of the `fake` crate: plausible names that are no one's. Hosts, addresses and
//! telephone numbers are those that are kept for examples.

use fake::{
    Fake,
    faker::{address::en as address, company::en as company, currency::en as currency, job::en as job, name::en as name},
};
use rand::RngExt;

use super::{hint::Hint, luck::Luck, text};

const STATUSES: [&str; 4] = ["active", "pending", "open", "closed"];
const TONGUES: [&str; 6] = ["en", "de", "fr", "es", "it", "pt"];
const LOCALES: [&str; 4] = ["en-US", "en-GB", "de-DE", "fr-FR"];
const COLORS: [&str; 5] = ["red", "green", "blue", "amber", "teal"];

impl Hint {
    /// A text as is promised; `None` when nothing is, or a number.
    pub(super) fn text(self, luck: &mut Luck) -> Option<String> {
        self.of_person(luck).or_else(|| self.of_place(luck)).or_else(|| self.of_web(luck)).or_else(|| self.of_words(luck))
    }

    fn of_person(self, luck: &mut Luck) -> Option<String> {
        Some(match self {
            Self::FirstName => name::FirstName().fake_with_rng(luck),
            Self::LastName => name::LastName().fake_with_rng(luck),
            Self::Person => person(luck),
            Self::Username => format!("{}{}", lower(&name::FirstName().fake_with_rng::<String, _>(luck)), luck.random_range(1..100)),
            Self::Email => format!("{}.{}@example.com", lower(&first(luck)), lower(&name::LastName().fake_with_rng::<String, _>(luck))),
            // The numbers that are kept for fiction.
            Self::Phone => format!("+1-202-555-01{:02}", luck.random_range(0..100)),
            Self::Job => job::Title().fake_with_rng(luck),
            Self::Company => company::CompanyName().fake_with_rng(luck),
            _ => return None,
        })
    }

    fn of_place(self, luck: &mut Luck) -> Option<String> {
        Some(match self {
            Self::City => address::CityName().fake_with_rng(luck),
            Self::Country => address::CountryName().fake_with_rng(luck),
            Self::CountryCode => address::CountryCode().fake_with_rng(luck),
            Self::Currency => currency::CurrencyCode().fake_with_rng(luck),
            Self::Locale => (*pick(&LOCALES, luck)).to_owned(),
            Self::State => address::StateName().fake_with_rng(luck),
            Self::Street => format!("{} {}", luck.random_range(1..999), address::StreetName().fake_with_rng::<String, _>(luck)),
            Self::TimeZone => address::TimeZone().fake_with_rng(luck),
            Self::Zip => format!("{:05}", luck.random_range(10_000..99_999)),
            Self::Latitude => format!("{:.4}", luck.random_range(-60.0..60.0)),
            Self::Longitude => format!("{:.4}", luck.random_range(-180.0..180.0)),
            _ => return None,
        })
    }

    fn of_web(self, luck: &mut Luck) -> Option<String> {
        let word = |luck: &mut Luck| *pick(&text::WORDS, luck);
        Some(match self {
            Self::Url => format!("https://example.com/{}/{}", word(luck), luck.random_range(1..1_000)),
            Self::Image => format!("https://example.com/images/{}.png", word(luck)),
            Self::Host => format!("{}.example.com", word(luck)),
            Self::Ip => internet_address(luck),
            Self::File => format!("{}-{}.pdf", word(luck), luck.random_range(1..100)),
            Self::Slug => format!("{}-{}", word(luck), word(luck)),
            Self::Hash => format!("{:016x}", luck.random::<u64>()),
            Self::Id => format!("{:012x}", luck.random::<u64>() >> 16),
            Self::MediaType => "text/plain".to_owned(),
            Self::Version => format!("{}.{}.{}", luck.random_range(1..9), luck.random_range(0..20), luck.random_range(0..20)),
            _ => return None,
        })
    }

    fn of_words(self, luck: &mut Luck) -> Option<String> {
        Some(match self {
            Self::Amount => format!("{}.{:02}", luck.random_range(1..500), luck.random_range(0..100)),
            Self::Age | Self::Count | Self::Percent => luck.random_range(1..90).to_string(),
            Self::Year => luck.random_range(2015..2027).to_string(),
            Self::Color => (*pick(&COLORS, luck)).to_owned(),
            Self::Day => super::format::sample("date", 0, usize::MAX, luck)?,
            Self::Moment => super::format::sample("date-time", 0, usize::MAX, luck)?,
            Self::Language => (*pick(&TONGUES, luck)).to_owned(),
            Self::Name | Self::Title => capital(&text::words(luck.random_range(9..20), luck, &[])),
            Self::Status => (*pick(&STATUSES, luck)).to_owned(),
            Self::Tag => (*pick(&text::WORDS, luck)).to_owned(),
            Self::Text => capital(&text::words(luck.random_range(30..70), luck, &[])) + ".",
            _ => return None,
        })
    }
}

fn internet_address(luck: &mut Luck) -> String {
    format!("192.0.2.{}", luck.random_range(1..255))
}

fn person(luck: &mut Luck) -> String {
    format!("{} {}", first(luck), name::LastName().fake_with_rng::<String, _>(luck))
}

fn first(luck: &mut Luck) -> String {
    name::FirstName().fake_with_rng(luck)
}

fn pick<'l, T>(list: &'l [T], luck: &mut Luck) -> &'l T {
    &list[luck.random_range(0..list.len())]
}

/// The letters of a name in lower case, fit for an address.
fn lower(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
