//! Files come in anywhere: dropped on the window, pasted outside of a field, or chosen.

use std::cell::RefCell;

use certwright_protocol::Bytes;
use certwright_protocol::t;
use certwright_protocol::ui::InputFile;
use certwright_protocol::ui::Told;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event, File, FileList, HtmlInputElement};
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::frame::handles;
use crate::parts::icon;
use crate::parts::kept::use_flag;
use crate::state::{Action, App, use_app};

/// Larger files are not even read: the largest keystores that people have are far smaller.
const LARGEST: u64 = 32 * 1024 * 1024;
/// So many files at a time.
const MOST: u32 = 200;

const INPUT: &str = "file-input";

thread_local! {
    // What takes chosen files in; the part of the page below has it as long as it is there.
    static TAKE: RefCell<Callback<Vec<File>>> = RefCell::new(Callback::noop());
}

/// Opens the browser's file dialog.
pub(crate) fn choose_files() {
    if handles::choose(TAKE.with_borrow(Clone::clone)) {
        return;
    }
    if let Some(input) = browser::document().get_element_by_id(INPUT) {
        input.unchecked_into::<HtmlInputElement>().click();
    }
}

/// The overlay while something is dragged over the window, and the hidden file input.
#[component]
pub(crate) fn DropZone() -> Html {
    let app = use_app();
    let dragging = use_flag();
    use_effect_with((), {
        let app = app.clone();
        let dragging = dragging.setter();
        move |()| {
            let listeners = listeners(&app, &dragging);
            let take = Callback::from(move |files| take_in_files(&app, files));
            TAKE.set(take.clone());
            handles::take_launched(take);
            move || drop(listeners)
        }
    });
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        take_in(&app, input.files());
        // The same file can be chosen again.
        input.set_value("");
    });
    html! {
        <>
            <input type="file" multiple={true} id={INPUT} hidden={true} aria-label={t!("Import files")} data-testid={INPUT} {onchange} />
            if *dragging {
                <section class="drop-overlay" aria-label={t!("Drop it here")} data-testid="drop-overlay">
                    <div>
                        { icon("import") }
                        <strong>{ t!("Drop it here") }</strong>
                        <span>{ t!("Certificates, replies, keys, keystores: the page says what it is. Nothing leaves this browser.") }</span>
                    </div>
                </section>
            }
        </>
    }
}

/// What an event of the window does.
type Handler = fn(&App, &UseStateSetter<bool>, &Event);

fn listeners(app: &App, dragging: &UseStateSetter<bool>) -> Vec<Listener> {
    let on = |name, run: Handler| {
        let (app, dragging) = (app.clone(), dragging.clone());
        Listener::new(browser::window().into(), name, move |event| run(&app, &dragging, &event))
    };
    vec![
        on("dragover", |_, dragging, event| {
            if transfer(event).is_some_and(|transfer| has_files(&transfer)) {
                event.prevent_default();
                dragging.set(true);
            }
        }),
        on("dragleave", |_, dragging, event| {
            // Without a related target, the pointer has left the window.
            if event.unchecked_ref::<DragEvent>().related_target().is_none() {
                dragging.set(false);
            }
        }),
        on("drop", |app, dragging, event| {
            dragging.set(false);
            let Some(transfer) = transfer(event) else { return };
            // A field that takes files itself has taken them.
            if has_files(&transfer) && !event.default_prevented() {
                event.prevent_default();
                handles::keep_dropped(&transfer);
                take_in(app, transfer.files());
            }
        }),
        on("paste", |app, _, event| {
            let Some(data) = event.unchecked_ref::<ClipboardEvent>().clipboard_data() else { return };
            if browser::is_field(event.target()) {
                return;
            }
            match data.files() {
                Some(files) if files.length() > 0 => take_in(app, Some(files)),
                _ => {
                    let text = data.get_data("text/plain").unwrap_or_default();
                    if !text.trim().is_empty() {
                        let file =
                            InputFile { name: t!("pasted text").into(), content: Bytes(text.into_bytes()) };
                        app.dispatch(Action::Drop(vec![file], Vec::new()));
                    }
                }
            }
            event.prevent_default();
        }),
    ]
}

fn transfer(event: &Event) -> Option<DataTransfer> {
    event.unchecked_ref::<DragEvent>().data_transfer()
}

fn has_files(transfer: &DataTransfer) -> bool {
    transfer.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"))
}

/// Reads the files, and has the page that is open look at them.
fn take_in(app: &App, files: Option<FileList>) {
    let app = app.clone();
    read_files(files, move |files, problems| app.dispatch(Action::Drop(files, problems)));
}

fn take_in_files(app: &App, files: Vec<File>) {
    let app = app.clone();
    read_all(files, Box::new(move |files, problems| app.dispatch(Action::Drop(files, problems))));
}

/// What to do with the files that could be read, and with what is wrong with the others.
type Read = Box<dyn FnOnce(Vec<InputFile>, Vec<Told>)>;

/// Reads files, and calls back with those that could be read and what is wrong with the others.
pub(crate) fn read_files(files: Option<FileList>, done: impl FnOnce(Vec<InputFile>, Vec<Told>) + 'static) {
    let Some(files) = files.filter(|files| files.length() > 0) else { return };
    let files: Vec<File> = (0..files.length().min(MOST)).filter_map(|index| files.item(index)).collect();
    read_all(files, Box::new(done));
}

fn read_all(files: Vec<File>, done: Read) {
    spawn_local(async move {
        let (mut read, mut problems) = (Vec::new(), Vec::new());
        for file in files {
            let (name, bytes) = (file.name(), file.size() as u64);
            if bytes > LARGEST {
                problems.push(Told::file_too_large(&name, bytes, LARGEST));
                continue;
            }
            match browser::read_file(&file).await {
                Some(content) => read.push(InputFile { name, content: Bytes(content) }),
                None => problems.push(Told::not_recognised(
                    &name,
                    t!("a folder, or a file that the browser cannot read"),
                )),
            }
        }
        done(read, problems);
    });
}
