//! Reading settlement files: what is read, and how each slip is told.

use server::settlement::profile::Format;
use server::settlement::read::{decode, read};

const HEAD: &str = "line,kind,key,amount,fee,net,currency,date,payout";

/// What is wrong with a file, or the amounts and fees of its lines.
fn told(text: &str, format: Format) -> String {
    match read(text, format) {
        Err(problems) => problems.to_string(),
        Ok(settlement) => {
            let lines = settlement.lines.iter().map(|it| {
                let line = &it.line;
                format!("{:?} {} {} {}", line.kind, line.amount, line.fee, line.currency.code())
            });
            let others = settlement.others.iter().map(|it| format!("{} {}", it.kind, it.net));
            lines.chain(others).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn files_are_read_or_told() {
    // Proves of each way to write a line what is read, and of each slip which line is named.
    let check = |rows: &str, expected: &str| {
        let text = told(&format!("{HEAD}\n{rows}"), Format::Plain);
        assert!(text.contains(expected), "{rows}: {text}");
    };
    check("a,charge,k,12.50,0.25,12.25,EUR,2026-11-20,p", "Charge 1250 25 EUR");
    check("a,Charge,k,12.50,-0.25,12.25,EUR,,", "Charge 1250 25 EUR");
    check("a,refund,k,-5000,0,-5000,ISK,,\r\n\r\n", "Refund 5000 0 ISK");
    check("a,refund,k,5000,,,ISK,,", "Refund 5000 0 ISK");
    check("\"a\",\"charge\",\"k, \"\"x\"\"\",\"5,000\",,,ISK,,", "Charge 5000 0 ISK");
    check("a,other,,-300,0,-300,ISK,,", "other -300");
    check("a,charge,,0,0,0,ISK,,", "charge 0");
    for (rows, expected) in [
        ("a,charge,k,5000,100,4800,ISK,,", "line 2: amount, fee and net do not add up"),
        ("a,charge,k,5000.5,,,ISK,,", "line 2: \"5000.5\" is no amount of ISK"),
        ("a,charge,k,1e3,,,ISK,,", "is no amount"),
        ("a,charge,k,,,,ISK,,", "is no amount"),
        ("a,charge,k,99999999999999999999,,,ISK,,", "is no amount"),
        ("a,charge,k,-5000,,,ISK,,", "line 2: a charge is below zero"),
        ("a,charge,k,5000,,,XXX,,", "\"XXX\" is no currency"),
        ("a,charge,k,5000,,,,,", "\"\" is no currency"),
        ("a,charge,k,5000,,,ISK,20/11/2026,", "is no day"),
        ("a,charge,,5000,,,ISK,,", "it names no payment"),
        (",charge,k,5000,,,ISK,,", "the line has no name of its own"),
        (
            "a,charge,k,5,,,ISK,,\nb,charge,k,5,,,ISK,,\na,charge,k,5,,,ISK,,",
            "line 4: it has the \
          same name as line 2",
        ),
        ("a,charge,k,5000,,,ISK", "line 2: it has 7 cells, the first line names 9 columns"),
        ("a,charge,\"k\u{1}\",5000,,,ISK,,", "a name is longer than 100 characters, or odd"),
        ("a,charge,\"k\0\",5000,,,ISK,,", "control characters"),
    ] {
        check(rows, expected);
        check(rows, "nothing was booked");
    }
    let long = format!("a,charge,{},5,,,ISK,,", "k".repeat(101));
    check(&long, "longer than 100");
    check(&format!("a,charge,{},5,,,ISK,,", "k".repeat(1_001)), "too long");
    let slips = "a,charge,k,x,,,ISK,,\n".repeat(50);
    let text = told(&format!("{HEAD}\n{slips}"), Format::Plain);
    assert_eq!(text.matches("line ").count(), 20, "no more is told than can be read");
    for empty in ["", "\n", "\u{feff}", "a", "\"", "\0"] {
        assert!(told(empty, Format::Plain).contains("line 1: the"), "{empty:?}");
    }
    let lines = "\n".repeat(3) + &"a,charge,k,5,,,ISK,,\n".repeat(100_001);
    assert!(told(&format!("{HEAD}\n{lines}"), Format::Plain).contains("100000 lines at most"));
    let huge = "x".repeat((16 << 20) + 1);
    assert!(told(&huge, Format::Plain).contains("the file: it may have 16777216 bytes"));
}

#[test]
fn a_card_number_is_not_kept() {
    // Proves that what looks like a card number is masked, while two such lines stay two.
    let text = format!(
        "{HEAD}\n4242424242424242,charge,4242 4242 4242 4242,5,,,ISK,,\n\
                        4242421111111111,charge,k,5,,,ISK,,\n"
    );
    let settlement = read(&text, Format::Plain).unwrap();
    let kept = serde_json::to_string(
        &settlement.lines.iter().map(|it| it.line.clone()).collect::<Vec<_>>(),
    );
    assert!(!kept.unwrap().contains("4242424242424242"));
    let lines = &settlement.lines;
    assert_ne!(lines[0].line.hash("sandbox"), lines[1].line.hash("sandbox"));
    assert_eq!(lines[0].line.reference, "4242 42** **** 4242");
}

#[test]
fn older_writing_is_read() {
    // Proves that a file of one byte a letter names its Icelandic columns all the same.
    let text = "Reikningsnúmer;Upphæð;Tilvísun\n1;5.000;k\n";
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    assert!(String::from_utf8(bytes.clone()).is_err());
    assert_eq!(told(&decode(bytes), Format::Phone), "Charge 5000 0 ISK");
    assert_eq!(told(&decode(text.as_bytes().to_vec()), Format::Phone), "Charge 5000 0 ISK");
}
