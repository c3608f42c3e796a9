//! Reads one file with the shipped profiles and an empty catalogue, and prints what was understood:
//! `cargo run -p ingest --example read -- <file> [file name]`.
#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::{env, error::Error, fs, path::Path, time::Instant};

use ingest::{Input, Profiles, Reference, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().ok_or("usage: read <file> [file name]")?;
    let path = Path::new(&path);
    let name = arguments
        .next()
        .unwrap_or_else(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let profiles = Profiles::shipped()?;
    let input = Input { path, file_name: &name, vendor_hint: None, answers: &[] };
    let start = Instant::now();
    let mut rows = 0u64;
    match parse(&input, &profiles, &Reference::default(), &mut |_| rows += 1) {
        Ok(report) => {
            println!(
                "{} {:?} holds={}",
                report.layout.as_deref().unwrap_or("unknown"),
                report.rows,
                report.holds()
            );
            for control in report.controls.iter().filter(|control| !control.ok) {
                println!("does not tie: {control:?}");
            }
            for period in report.periods.iter().take(50) {
                println!("{period:?}");
            }
            println!("{:#?}\n{:#?}\n{:#?}", report.questions, report.warnings, report.rejects.first());
        }
        Err(refusal) => println!("refused: {} - {refusal}", refusal.code),
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    println!("{rows} rows, {} ms, {peak}", start.elapsed().as_millis());
    Ok(())
}
