//! What documents call the parts of a login.

/// Lower case, without what separates words.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_one_of(name: &str, words: &[&str]) -> bool {
    words.contains(&plain(name).as_str())
}

/// Whether a member is a token that requests are proven with.
pub(super) fn is_token(name: &str) -> bool {
    let words = [
        "token",
        "accesstoken",
        "authtoken",
        "authenticationtoken",
        "sessiontoken",
        "apitoken",
        "bearertoken",
        "jwt",
        "jwttoken",
        "idtoken",
        "accessjwt",
        "sessionid",
        "sessionkey",
    ];
    is_one_of(name, &words)
}

/// Whether a member is what a token is renewed with.
pub(super) fn is_refresh(name: &str) -> bool {
    is_one_of(name, &["refreshtoken", "refreshjwt", "refresh", "renewaltoken"])
}

/// Whether a member is a password.
pub(super) fn is_password(name: &str) -> bool {
    let words = ["password", "passwd", "passphrase", "pass", "pwd", "pin", "otp", "secret", "clientsecret", "apisecret", "secretkey"];
    is_one_of(name, &words)
}

/// Whether a member says who somebody is.
pub(super) fn tells_who(name: &str) -> bool {
    let words = [
        "email",
        "emailaddress",
        "mail",
        "username",
        "login",
        "loginname",
        "user",
        "userid",
        "account",
        "clientid",
        "apikey",
        "phone",
        "name",
    ];
    is_one_of(name, &words)
}

/// Whether a member says for how many seconds a token is good.
pub(super) fn is_life(name: &str) -> bool {
    is_one_of(name, &["expiresin", "expiresinseconds", "ttl"])
}

/// Whether a member says when a token ends to be good.
pub(super) fn is_end(name: &str) -> bool {
    is_one_of(name, &["expiresat", "expireson", "expires", "expiry", "expiration", "expirationdate", "expirydate", "validuntil", "exp"])
}

/// Whether a path or an id is that of something that ends a session.
pub(super) fn is_ending(name: &str) -> bool {
    let plain = plain(name);
    ["logout", "logoff", "signout", "signoff"].iter().any(|word| plain.ends_with(word))
}

/// Whether a path or an id is that of something that makes a user, whom nobody knows yet.
pub(super) fn is_joining(name: &str) -> bool {
    let plain = plain(name);
    ["register", "registration", "signup", "users", "accounts", "createuser", "createaccount"].iter().any(|word| plain.ends_with(word))
}
