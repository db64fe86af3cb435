//! The command: it says when it is ready, and ends with what was found when it is told to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    thread,
};

const CELLAR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxy/cellar.yaml");

fn proxy(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract"));
    command.args(["proxy", CELLAR]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn wrong_arguments_are_told_with_what_would_do() {
    for (arguments, says) in [
        (vec![], "--target"),
        (vec!["--target", "nowhere"], "help: give the base URL"),
        (vec!["--target", "http://127.0.0.1:1", "--har", "/no/such/folder/a"], "help: give a file in a folder"),
    ] {
        let output = proxy(&arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_the_sum() {
    let upstream = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", upstream.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in upstream.incoming().flatten() {
            _ = stream.read(&mut [0; 4096]);
            _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        }
    });
    for (request, code) in [("DELETE /jars/7", 0), ("DELETE /jars/seven", 1)] {
        let mut child = proxy(&["--target", &target]).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| line.unwrap().strip_prefix("ready http://").map(str::to_owned)).unwrap();
        let mut client = TcpStream::connect(ready).unwrap();
        write!(client, "{request}?key=k HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        client.read_to_end(&mut Vec::new()).unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let told: String = lines.map(|line| line.unwrap() + "\n").collect();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{told}");
        assert!(told.contains("1 answered"), "{told}");
    }
}
