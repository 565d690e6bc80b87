//! The window of Handoff Studio: one page, one command, native dialogs.
//!
//! Invariant: nothing here decides about flows. Whatever a user of the command line would miss lives in
//! `flow-api`; this crate passes calls on and does what only a window can do.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod closing;
mod dialogs;
mod fault;
mod rpc;
mod start;
mod window;

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(closing::Watch::default())
        .setup(|app| rpc::open_core(app.handle()).map_err(Into::into))
        .on_window_event(closing::on_window_event)
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "The window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
