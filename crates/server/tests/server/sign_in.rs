//! Signing in and out with a browser's means (`servicestack.md` §7.1, §7.2).

use domain::time::Span;
use domain::user::UserChange;
use serde_json::json;

use crate::client::Request;
use crate::people::{PASSWORD, change_elsewhere, rights, sign_in, sign_in_request, user, who};
use crate::shop::{Shop, until};

fn told(status: u16, code: &str, message: &str) -> (u16, String, String) {
    (status, code.to_owned(), message.to_owned())
}

#[tokio::test]
async fn strangers_read_what_the_original_says() {
    // Proves the answers before and instead of a sign-in, on a camel-case and a Pascal-case host.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    let wrong = "Invalid Username or Password";
    let oauth = "No configuration was added for OAuth provider 'unknown'";
    let get = "Passwords are not taken by GET; send them in the body of a POST";
    let in_url = "'Password' has no place in a URL; send it in the body of a POST.";
    let body = |name: &str, password: &str| sign_in_request(name, password);
    let post = |target: &str| Request::post(target).accept("application/json");
    for (what, request, expected) in [
        ("nobody asks", who(), told(401, "Unauthorized", "Not Authenticated")),
        ("no provider", post("/auth"), told(401, "Unauthorized", "Not Authenticated")),
        ("a wrong password", body("anna", "wrong wrong"), told(401, "Unauthorized", wrong)),
        ("a wrong name", body("bella", PASSWORD), told(401, "Unauthorized", wrong)),
        ("unknown", post("/auth/unknown"), told(404, "NotFound", oauth)),
        (
            "a GET",
            Request::get("/auth/credentials?userName=anna").accept("application/json"),
            told(405, "NotSupportedException", get),
        ),
        (
            "a password in the URL",
            post(&format!("/auth/credentials?userName=anna&password={PASSWORD}").replace(' ', "+")),
            told(405, "NotSupportedException", in_url),
        ),
    ] {
        let answer = shop.send(&request).await;
        assert_eq!(answer.error(), expected, "{what}");
        assert_eq!(answer.header("www-authenticate").is_some(), answer.status == 401, "{what}");
        assert!(!answer.text().contains(PASSWORD));
    }
    let empty = shop.send(&post("/auth/credentials").json(&json!({}))).await;
    let expected = ["UserName", "Password"].map(str::to_owned);
    assert_eq!((empty.status, empty.fields()), (400, expected.to_vec()));
    assert_eq!(empty.error().1, "NotEmpty");
    let pascal = shop.send(&Request::post("/agents/auth/credentials.json").json(&json!({}))).await;
    assert_eq!(pascal.json()["ResponseStatus"]["Errors"][1]["FieldName"], "Password");
}

#[tokio::test]
async fn a_session_goes_from_sign_in_to_sign_out() {
    // Proves that name and e-mail address sign in in any case, that the session says who it is by
    // cookie and header, orders, and ends with the sign-out.
    let shop = Shop::open().await;
    let anna = user(&shop, "Anna", rights(&["MobileApp"], &["ReadData"])).await;
    for name in ["Anna", " ANNA", "anna@EXAMPLE.is"] {
        sign_in(&shop, name).await;
    }
    let held = sign_in(&shop, "anna").await;
    assert!(held.session.len() >= 20 && !held.session.contains(['+', '/']));
    let cookie = format!("ss-opt=temp; ss-id={}", held.session);
    for request in [who().header("Cookie", &cookie), who().header("X-ss-id", &held.session)] {
        let answer = shop.send(&request).await;
        let told = answer.json();
        assert_eq!((answer.status, &told["userName"]), (200, &json!("Anna")), "{}", answer.text());
        assert_eq!(told["userId"], json!(anna.id.0.to_string()));
        assert_eq!((&told["roles"], &told["sessionId"]), (&json!(["MobileApp"]), &json!(null)));
    }
    let stored = shop.store().user(anna.id).await.unwrap().unwrap();
    let body = serde_json::to_string(&*stored).unwrap();
    assert!(!body.contains(&held.session) && !body.contains(PASSWORD), "{body}");
    let events = Request::get("/events").accept("application/json").header("Cookie", &cookie);
    assert_eq!(shop.send(&events).await.status, 200);
    let out = Request::post("/auth/logout").accept("application/json").header("Cookie", &cookie);
    let answer = shop.send(&out).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "{}"));
    assert_eq!(answer.cookie("ss-id").as_deref(), Some(""));
    assert_eq!(shop.send(&who().header("Cookie", &cookie)).await.status, 401);
    assert_eq!(shop.send(&out).await.status, 200, "again");
}

#[tokio::test]
async fn sessions_last_as_long_as_they_were_asked_to() {
    // Proves two weeks, a year when remembered, the cookies of each, and that a new sign-in
    // replaces the session and never takes over an id that was there before.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    let temporary = sign_in(&shop, "anna").await;
    let fixed = sign_in_request("anna", PASSWORD).header("Cookie", "ss-id=chosen");
    assert_ne!(shop.send(&fixed).await.cookie("ss-id").as_deref(), Some("chosen"));
    let again = format!("ss-id={}", temporary.session);
    let replaced = shop.send(&sign_in_request("anna", PASSWORD).header("Cookie", &again)).await;
    assert_eq!(shop.send(&who().header("Cookie", &again)).await.status, 401);
    let temporary = format!("ss-id={}; ss-opt=temp", replaced.cookie("ss-id").unwrap());
    let body = json!({ "UserName": "anna", "Password": PASSWORD, "RememberMe": true });
    let request = Request::post("/auth/credentials.json").json(&body);
    let answer = shop.send(&request).await;
    let permanent = format!("ss-opt=perm; ss-pid={}", answer.cookie("ss-pid").unwrap());
    assert!(answer.headers("set-cookie").iter().all(|line| {
        ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=31536000"]
            .iter()
            .all(|part| line.contains(part))
    }));
    let good = async |cookie: &str| shop.send(&who().header("Cookie", cookie)).await.status == 200;
    assert!(good(&temporary).await && good(&permanent).await);
    shop.clock.advance(Span::hours(14 * 24));
    assert!(!good(&temporary).await && good(&permanent).await);
    shop.clock.advance(Span::hours(351 * 24));
    assert!(!good(&permanent).await);
}

#[tokio::test]
async fn a_change_of_rights_counts_at_once() {
    // Proves that rights given and taken over HTTP count for the next request of every session,
    // token and key of the user, and that a new password ends sessions and tokens elsewhere too.
    let shop = Shop::open().await;
    let anna = user(&shop, "Anna", rights(&[], &["ReadData"])).await;
    let held = sign_in(&shop, "anna").await;
    let events = || Request::get("/events").accept("application/json");
    let ways = || [events().header("X-ss-id", &held.session), events().key(&held.bearer)];
    let assign = async |operation: &str, roles: &[&str]| {
        let body = json!({ "userName": "ANNA", "roles": roles });
        let request = Request::post(&format!("/{operation}.json")).key(&shop.admin);
        shop.send(&request.json(&body)).await
    };
    for (operation, all, status) in
        [("assignroles", json!(["MobileApp"]), 200), ("unassignroles", json!([]), 403)]
    {
        let answer = assign(operation, &["MobileApp"]).await;
        assert_eq!(answer.json()["allRoles"], all, "{}", answer.text());
        assert_eq!(answer.json()["allPermissions"], json!(["ReadData"]));
        for request in ways() {
            assert_eq!(shop.send(&request).await.status, status, "{operation}");
        }
    }
    for operation in ["assignroles", "unassignroles"] {
        let many = ["Admin"; 21];
        for roles in [&["King"][..], &["Admin\n2027-01-01 signed in"], &many] {
            let answer = assign(operation, roles).await;
            assert_eq!((answer.status, answer.fields()), (400, vec!["Roles".to_owned()]));
        }
    }
    let answer = assign("assignroles", &["TeamAdmin"]).await;
    assert_eq!((answer.status, answer.fields()), (400, vec!["Roles".to_owned()]));
    assert!(answer.text().contains("guichet user roles"), "{}", answer.text());
    let hash = anna.password_hash.clone();
    change_elsewhere(&shop, &anna, UserChange::Password(hash)).await;
    let session = who().header("X-ss-id", &held.session);
    until("the end of the session", async || {
        (shop.send(&session).await.status == 401).then_some(())
    })
    .await;
    let answer = shop.send(&who().key(&held.bearer)).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn other_sites_do_nothing_in_a_users_name() {
    // Proves that a request that carries a cookie and was made by another site changes nothing,
    // that signing in across sites sets no cookie, and that programs are not asked.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Admin"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    let cookie = format!("ss-id={}", held.session);
    let assign = || {
        let body = json!({ "userName": "anna", "roles": ["Agent"] });
        Request::post("/assignroles.json").json(&body)
    };
    let by_cookie = || assign().header("Cookie", &cookie);
    for (what, request, status) in [
        ("a program", by_cookie(), 200),
        ("our own page", by_cookie().header("Sec-Fetch-Site", "same-origin"), 200),
        ("our own page, said otherwise", by_cookie().header("Origin", "http://till"), 200),
        ("another site", by_cookie().header("Sec-Fetch-Site", "cross-site"), 403),
        ("a sister site", by_cookie().header("Sec-Fetch-Site", "same-site"), 403),
        ("another origin", by_cookie().header("Origin", "https://evil.example"), 403),
        ("a page without an origin", by_cookie().header("Origin", "null"), 403),
        (
            "another site with a header of its own",
            assign().key(&held.bearer).header("Sec-Fetch-Site", "cross-site"),
            200,
        ),
        (
            "signing out across sites",
            Request::get("/auth/logout.json")
                .header("Cookie", &cookie)
                .header("Sec-Fetch-Site", "cross-site"),
            403,
        ),
    ] {
        let answer = shop.send(&request).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
    }
    let body = json!({ "userName": "anna", "roles": ["Agent"] });
    let options = Request::new("OPTIONS", "/assignroles.json").json(&body);
    let options = options.header("Cookie", &cookie).header("X-Http-Method-Override", "POST");
    let answer = shop.send(&options.header("Sec-Fetch-Site", "cross-site")).await;
    assert_eq!(answer.status, 403, "an override: {}", answer.text());
    for site in ["cross-site", "same-origin"] {
        let request = sign_in_request("anna", PASSWORD).header("Sec-Fetch-Site", site);
        let answer = shop.send(&request).await;
        assert!(answer.json()["bearerToken"].is_string(), "{site}");
        assert_eq!(answer.headers("set-cookie").is_empty(), site == "cross-site");
    }
}

#[tokio::test]
async fn registering_is_off_until_it_is_on() {
    // Proves who may make users, that a new user has no rights, and what is wrong with others.
    let register = |body: serde_json::Value| Request::post("/register.json").json(&body);
    let bella = json!({ "userName": "Bella", "password": PASSWORD, "autoLogin": true });
    let shop = Shop::open().await;
    assert_eq!(shop.send(&register(bella.clone())).await.status, 403);
    assert_eq!(shop.send(&register(bella.clone()).key(&shop.admin)).await.status, 200);
    let shop = Shop::registering().await;
    let answer = shop.send(&register(bella.clone())).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["roles"]), (200, &json!([])), "{}", answer.text());
    let session = answer.cookie("ss-id").unwrap();
    let who = shop.send(&who().header("Cookie", &format!("ss-id={session}"))).await;
    assert_eq!(who.json()["userName"], "Bella");
    assert_eq!(shop.send(&register(bella)).await.error().1, "UserAlreadyExists");
    for (body, field) in [
        (json!({ "password": PASSWORD }), "UserName"),
        (json!({ "userName": "c" }), "Password"),
        (json!({ "userName": "c", "password": "short" }), "Password"),
        (json!({ "userName": "c:d", "password": PASSWORD }), "UserName"),
        (json!({ "userName": "c\nd", "password": PASSWORD }), "UserName"),
        (json!({ "userName": "4242424242424242", "password": PASSWORD }), "UserName"),
        (json!({ "userName": "Command Line", "password": PASSWORD }), "UserName"),
        (
            json!({ "userName": "c", "displayName": "a\u{202e}b", "password": PASSWORD }),
            "DisplayName",
        ),
        (json!({ "email": "c", "password": PASSWORD }), "Email"),
        (json!({ "email": "c@localhost", "password": PASSWORD }), "Email"),
        (
            json!({ "userName": "c", "password": PASSWORD, "confirmPassword": "x" }),
            "ConfirmPassword",
        ),
    ] {
        let answer = shop.send(&register(body.clone())).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{body}");
    }
}

#[tokio::test]
async fn cookies_mean_nothing_to_scripts_of_other_pages() {
    // Proves that an answer that a script tag loads is never given to a cookie.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Admin"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    for target in ["/events?callback=steal", "/auth?callback=steal"] {
        let cookie = format!("ss-id={}", held.session);
        let answer = shop.send(&Request::get(target).header("Cookie", &cookie)).await;
        assert!(!answer.text().contains("Hekla") && !answer.text().contains("Anna"), "{target}");
    }
}

#[tokio::test]
async fn other_sites_make_no_users_in_an_admins_name() {
    // Proves that an operation that is open to strangers takes a cookie for nothing when another
    // site's page sends it.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Admin"], &[])).await;
    let cookie = format!("ss-id={}", sign_in(&shop, "anna").await.session);
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 200)] {
        let body = json!({ "userName": site, "password": PASSWORD });
        let request = Request::post("/register.json").header("Cookie", &cookie).json(&body);
        let answer = shop.send(&request.header("Sec-Fetch-Site", site)).await;
        assert_eq!(answer.status, status, "{site}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_link_changes_nothing_in_a_users_name() {
    // Proves that a link, from another site or from a letter, orders nothing by cookie, while
    // programs and our own pages may order by GET.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Admin"], &[])).await;
    let cookie = format!("ss-id={}", sign_in(&shop, "anna").await.session);
    let page = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (what, accept, site, is_refused) in [
        ("a letter", page, Some("none"), true),
        ("an old browser", page, None, true),
        ("our own page", page, Some("same-origin"), false),
        ("a script of ours", "*/*", Some("same-origin"), false),
        ("a program", "application/json", None, false),
    ] {
        let request = Request::get("/ticketOrder?eventId=0").header("Cookie", &cookie);
        let request = request.accept(accept);
        let request = site.map_or(request.clone(), |site| request.header("Sec-Fetch-Site", site));
        assert_eq!(shop.send(&request).await.status == 403, is_refused, "{what}");
        let asked = Request::get("/auth").header("Cookie", &cookie).accept(accept);
        assert_eq!(shop.send(&asked).await.status, 200, "{what} asks who it is");
    }
}

#[tokio::test]
async fn secrets_in_urls_are_refused_and_not_repeated() {
    // Proves that no password, token or key of a URL is taken where there is another way, and that
    // no page shows one, whatever its spelling.
    const CONTRACT_SOLD: &str = "/sales/contract/sold?ApiKey=";
    let shop = Shop::open().await;
    let secret = "correct-horse-battery";
    for target in [
        "/auth/credentials?userName=anna&password=",
        "/snake/auth/credentials?user_name=anna&pass_word=",
        "/register?userName=anna&Password=",
        "/access-token?refreshToken=",
        "/access-token?jsconfig=elun&refresh_token=",
        CONTRACT_SOLD,
    ] {
        for accept in ["text/html", "application/json"] {
            let request = Request::post(&format!("{target}{secret}")).accept(accept);
            let answer = shop.send(&request.key(&shop.admin)).await;
            // The one contract that publishes a key in the URL reads it there, but an Admin is
            // asked to name the chain.
            let status = if target == CONTRACT_SOLD { 400 } else { 405 };
            assert_eq!(answer.status, status, "{target}: {}", answer.text());
            assert!(!answer.text().contains(secret), "{target}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn answers_are_for_their_caller_alone() {
    // Proves that nothing on the way keeps what an operation answers, and that no browser guesses
    // what it is, while pages that are the same for everybody may be kept.
    let shop = Shop::open().await;
    for request in [
        Request::get("/events").accept("application/json"),
        Request::get("/events").accept("text/html"),
        Request::get("/events.csv"),
        Request::post("/api/TicketOrder[]").json(&json!([])),
        Request::post("/api/TicketOrder[]").json(&json!([{}])),
        Request::get("/apikeys.json"),
    ] {
        for request in [request.clone(), request.key(&shop.admin)] {
            let answer = shop.send(&request).await;
            assert_eq!(answer.headers("cache-control"), ["no-store"], "{}", answer.text());
            assert_eq!(answer.headers("x-content-type-options"), ["nosniff"]);
        }
    }
    let page = shop.send(&Request::get("/metadata")).await;
    assert_ne!(page.header("cache-control"), Some("no-store"));
}
