//! A server under measurement: started, awaited, read from `/proc`, and ended when it is dropped.

use std::{
    ffi::OsStr,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::Failure;

/// Clock ticks of `/proc/<pid>/stat` in a second; Linux shows programs this number, whatever it counts in.
const TICKS: f64 = 100.0;

/// How long a server may take to become ready before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server process, ready for requests.
pub(crate) struct Server {
    process: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    ready: Value,
    /// From before it was started until it said where it listens.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts a program and waits until its `--ready-file`, in this folder, names the address.
    pub(crate) fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Self, Failure> {
        let file = folder.join("ready.json");
        fs::create_dir_all(folder).and_then(|()| if file.exists() { fs::remove_file(&file) } else { Ok(()) })?;
        let mut command = Command::new(program);
        command.args(arguments).args([OsStr::new("--ready-file"), file.as_os_str()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let start = Instant::now();
        let cannot = |why: &dyn std::fmt::Display| Failure::new(format!("cannot start `{}`: {why}", program.display()));
        let mut process = command.spawn().map_err(|error| cannot(&error))?;
        match await_ready(&file, &mut process, start) {
            Ok((address, ready)) => Ok(Self { process, address, ready, ready_after: start.elapsed() }),
            Err(why) => {
                end(&mut process);
                Err(cannot(&why))
            }
        }
    }

    /// Where the mock's data and control listeners are.
    pub(crate) fn urls(&self) -> Option<[&str; 2]> {
        Some([self.ready.get("url")?.as_str()?, self.ready.get("control_url")?.as_str()?])
    }

    /// The path that a provider's operations begin with; `/` on a server that knows no providers.
    pub(crate) fn base(&self, provider: &str) -> String {
        let base = self.ready.pointer("/providers").and_then(|providers| providers.get(provider)?.as_str());
        let path = base.and_then(|url| url.split_once("://")?.1.split_once('/')).map(|(_, path)| format!("/{path}"));
        path.unwrap_or_else(|| "/".to_owned())
    }

    /// Processor time that the server has used, its own and the kernel's for it.
    pub(crate) fn processor_time(&self) -> Result<Duration, Failure> {
        let stat = self.read("stat")?;
        // The second field is the program's name in parentheses, which may hold anything.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<f64>().ok());
        let (user, system) = ticks(11).zip(ticks(12)).ok_or_else(|| Failure::new("cannot read `/proc/<pid>/stat`"))?;
        Ok(Duration::from_secs_f64((user + system) / TICKS))
    }

    /// Resident memory in MiB.
    pub(crate) fn resident(&self) -> Result<f64, Failure> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        Ok(kibibytes.ok_or_else(|| Failure::new("cannot read `/proc/<pid>/status`"))? / 1024.0)
    }

    fn read(&self, name: &str) -> Result<String, Failure> {
        let file = PathBuf::from(format!("/proc/{}/{name}", self.process.id()));
        let help = "measure on Linux: processor time and memory of a process are read from `/proc`";
        fs::read_to_string(&file).map_err(|error| Failure::new(format!("cannot read `{}`", file.display())).because(error).help(help))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Ends a process; one that has ended already is what was wanted.
fn end(process: &mut Child) {
    process.kill().ok();
    process.wait().ok();
}

/// Looks for the file without pause: readiness is measured, and a pause would be measured with it.
fn await_ready(file: &Path, process: &mut Child, start: Instant) -> Result<(SocketAddr, Value), String> {
    loop {
        if let Some(ready) = fs::read(file).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok()) {
            let address = address_in(&ready).ok_or("its ready file names no address")?;
            return Ok((address, ready));
        }
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("it ended with {status}"));
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("it is not ready after {} s", PATIENCE.as_secs()));
        }
        std::thread::yield_now();
    }
}

/// The address of the data listener in a ready file.
fn address_in(ready: &Value) -> Option<SocketAddr> {
    let url = ready.get("url")?.as_str()?;
    url.strip_prefix("http://")?.trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Server, address_in};
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn the_address_is_that_of_the_data_listener() {
        let ready = json!({"url": "http://127.0.0.1:81/", "control_url": "http://127.0.0.1:82"});
        assert_eq!(address_in(&ready), "127.0.0.1:81".parse().ok());
    }

    #[test]
    fn a_program_that_ends_is_reported() {
        let folder = std::env::temp_dir().join(format!("crm-notes-bench-{}", std::process::id()));
        let failure = Server::start(Path::new("false"), &[], &folder).err().unwrap().to_string();
        assert_eq!(failure, "error: cannot start `false`: it ended with exit status: 1");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
