//! What the name of a property promises: an address of mail looks like one.
//!
//! Names are read word by word, `billingZip` and `billing_zip` alike, and the last word that is known counts.

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    None,
    Age,
    Amount,
    City,
    Color,
    Company,
    Count,
    Country,
    CountryCode,
    Currency,
    Day,
    Email,
    File,
    FirstName,
    Hash,
    Host,
    Id,
    Image,
    Ip,
    Job,
    Language,
    LastName,
    Latitude,
    Locale,
    Longitude,
    MediaType,
    Moment,
    Name,
    Percent,
    Person,
    Phone,
    Slug,
    State,
    Status,
    Street,
    Tag,
    Text,
    TimeZone,
    Title,
    Url,
    Username,
    Version,
    Year,
    Zip,
}

/// Words, alone or in twos, and what they promise.
const WORDS: &[(&str, Hint)] = &[
    ("address", Hint::Street),
    ("age", Hint::Age),
    ("amount", Hint::Amount),
    ("author", Hint::Person),
    ("avatar", Hint::Image),
    ("balance", Hint::Amount),
    ("bio", Hint::Text),
    ("body", Hint::Text),
    ("city", Hint::City),
    ("color", Hint::Color),
    ("colour", Hint::Color),
    ("comment", Hint::Text),
    ("company", Hint::Company),
    ("content", Hint::Text),
    ("cost", Hint::Amount),
    ("count", Hint::Count),
    ("country", Hint::Country),
    ("country code", Hint::CountryCode),
    ("created", Hint::Moment),
    ("created at", Hint::Moment),
    ("currency", Hint::Currency),
    ("date", Hint::Day),
    ("deleted at", Hint::Moment),
    ("description", Hint::Text),
    ("display name", Hint::Name),
    ("domain", Hint::Host),
    ("email", Hint::Email),
    ("email address", Hint::Email),
    ("etag", Hint::Hash),
    ("expires at", Hint::Moment),
    ("family name", Hint::LastName),
    ("file name", Hint::File),
    ("filename", Hint::File),
    ("first name", Hint::FirstName),
    ("firstname", Hint::FirstName),
    ("full name", Hint::Person),
    ("fullname", Hint::Person),
    ("given name", Hint::FirstName),
    ("guid", Hint::Id),
    ("hash", Hint::Hash),
    ("headline", Hint::Title),
    ("homepage", Hint::Url),
    ("host", Hint::Host),
    ("hostname", Hint::Host),
    ("href", Hint::Url),
    ("icon", Hint::Image),
    ("id", Hint::Id),
    ("image", Hint::Image),
    ("ip", Hint::Ip),
    ("ip address", Hint::Ip),
    ("job title", Hint::Job),
    ("key", Hint::Slug),
    ("lang", Hint::Language),
    ("language", Hint::Language),
    ("last name", Hint::LastName),
    ("lastname", Hint::LastName),
    ("lat", Hint::Latitude),
    ("latitude", Hint::Latitude),
    ("link", Hint::Url),
    ("lng", Hint::Longitude),
    ("locale", Hint::Locale),
    ("login", Hint::Username),
    ("logo", Hint::Image),
    ("lon", Hint::Longitude),
    ("longitude", Hint::Longitude),
    ("mail", Hint::Email),
    ("message", Hint::Text),
    ("mime", Hint::MediaType),
    ("mime type", Hint::MediaType),
    ("content type", Hint::MediaType),
    ("mobile", Hint::Phone),
    ("modified at", Hint::Moment),
    ("name", Hint::Name),
    ("nickname", Hint::Username),
    ("note", Hint::Text),
    ("notes", Hint::Text),
    ("organisation", Hint::Company),
    ("organization", Hint::Company),
    ("percent", Hint::Percent),
    ("percentage", Hint::Percent),
    ("phone", Hint::Phone),
    ("phone number", Hint::Phone),
    ("photo", Hint::Image),
    ("picture", Hint::Image),
    ("position", Hint::Count),
    ("post code", Hint::Zip),
    ("postal code", Hint::Zip),
    ("postcode", Hint::Zip),
    ("price", Hint::Amount),
    ("province", Hint::State),
    ("quantity", Hint::Count),
    ("region", Hint::State),
    ("sha", Hint::Hash),
    ("size", Hint::Count),
    ("slug", Hint::Slug),
    ("state", Hint::Status),
    ("status", Hint::Status),
    ("street", Hint::Street),
    ("subject", Hint::Title),
    ("subtotal", Hint::Amount),
    ("summary", Hint::Title),
    ("surname", Hint::LastName),
    ("tag", Hint::Tag),
    ("tags", Hint::Tag),
    ("tel", Hint::Phone),
    ("telephone", Hint::Phone),
    ("text", Hint::Text),
    ("time zone", Hint::TimeZone),
    ("timestamp", Hint::Moment),
    ("timezone", Hint::TimeZone),
    ("title", Hint::Title),
    ("token", Hint::Hash),
    ("total", Hint::Count),
    ("updated", Hint::Moment),
    ("updated at", Hint::Moment),
    ("uri", Hint::Url),
    ("url", Hint::Url),
    ("user agent", Hint::Version),
    ("user name", Hint::Username),
    ("username", Hint::Username),
    ("uuid", Hint::Id),
    ("version", Hint::Version),
    ("website", Hint::Url),
    ("year", Hint::Year),
    ("zip", Hint::Zip),
    ("zip code", Hint::Zip),
];

/// Words for what is a person, and for what is a company: their `name` is one.
const PEOPLE: &[&str] =
    &["person", "user", "contact", "customer", "author", "owner", "employee", "member", "lead", "patient", "student", "profile"];
const COMPANIES: &[&str] = &["company", "organization", "organisation", "vendor", "supplier", "account", "merchant", "employer"];

impl Hint {
    /// What the name of a property of a component promises.
    pub(super) fn of(name: &str, owner: &str) -> Self {
        let words = words(name);
        let last = |count: usize| words.len().checked_sub(count).map(|start| words[start..].join(" "));
        let known = |text: Option<String>| text.and_then(|text| WORDS.iter().find(|(word, _)| *word == text)).map(|(_, hint)| *hint);
        let singular = || last(1).and_then(|word| word.strip_suffix('s').map(str::to_owned));
        let found = known(last(2)).or_else(|| known(last(1))).or_else(|| known(singular()));
        match found.unwrap_or(Self::None) {
            Self::Name => named(words.iter().rev().skip(1).map(String::as_str), owner),
            hint => hint,
        }
    }

    /// What a format that is not checked promises.
    pub(super) fn of_format(format: &str) -> Self {
        Self::of(format, "")
    }

    /// Whether it may be any text that people write: there is no form that a text has to have for this name.
    pub(super) fn is_prose(self) -> bool {
        matches!(
            self,
            Self::None
                | Self::City
                | Self::Company
                | Self::FirstName
                | Self::Job
                | Self::LastName
                | Self::Name
                | Self::Person
                | Self::State
                | Self::Street
                | Self::Tag
                | Self::Text
                | Self::Title
        )
    }

    /// The JSON type of what is promised, for a schema that does not say.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Age | Self::Count | Self::Year => "integer",
            Self::Amount | Self::Latitude | Self::Longitude | Self::Percent => "number",
            _ => "string",
        }
    }

    /// Between which numbers it lies.
    pub(super) fn range(self) -> Option<(f64, f64)> {
        Some(match self {
            Self::Age => (18.0, 90.0),
            Self::Amount => (1.0, 500.0),
            Self::Count => (1.0, 40.0),
            Self::Latitude => (-60.0, 60.0),
            Self::Longitude => (-180.0, 180.0),
            Self::Percent => (0.0, 100.0),
            Self::Year => (2015.0, 2026.0),
            Self::Moment => (1_600_000_000.0, 1_790_000_000.0),
            _ => return None,
        })
    }
}

/// Whose name it is: what the words before it say, else the component that has it.
fn named<'w>(mut before: impl Iterator<Item = &'w str>, owner: &str) -> Hint {
    let known = |word: &str| {
        let is_person = PEOPLE.contains(&word).then_some(Hint::Person);
        is_person.or_else(|| COMPANIES.contains(&word).then_some(Hint::Company))
    };
    let own = before.find_map(known);
    own.or_else(|| words(owner).iter().rev().find_map(|word| known(word))).unwrap_or(Hint::Name)
}

/// The words of a name in lower case, wherever its case or a sign parts them.
fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in name.chars() {
        let starts = character.is_uppercase() && !before.is_uppercase() || !before.is_alphanumeric();
        before = character;
        if !character.is_alphanumeric() {
            continue;
        }
        if starts || found.is_empty() {
            found.push(String::new());
        }
        if let Some(word) = found.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    found
}
