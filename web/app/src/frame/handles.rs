//! Files that are saved back to where they came from, in browsers that allow it (File System Access, WICG): a file that was chosen, dropped, or opened with
//! the installed page comes with a handle, which stays here, and a keystore that was opened from it is written into it again. Handles never leave the page.
//! Elsewhere what is saved is a download.

use std::cell::RefCell;

use certwright_protocol::t;
use certwright_protocol::ui::{InputFile, Response, StoreId};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DataTransfer, File, FileSystemFileHandle, FileSystemHandleKind, FileSystemWritableFileStream};
use yew::Callback;

use crate::browser;
use crate::state::{App, Tone};

/// So many handles are kept of files that came in; the oldest go first.
const MOST: usize = 200;

type Given = Vec<(String, FileSystemFileHandle)>;
type Opened = Vec<(StoreId, FileSystemFileHandle)>;
type Consumer = Closure<dyn FnMut(JsValue)>;

thread_local! {
    /// Of files that came in, by their names, newest last.
    static GIVEN: RefCell<Given> = const { RefCell::new(Vec::new()) };
    /// Of keystores that were opened from one.
    static OPENED: RefCell<Opened> = const { RefCell::new(Vec::new()) };
    static CONSUMER: RefCell<Option<Consumer>> = const { RefCell::new(None) };
}

/// Opens the browser's dialog that gives handles, and calls back with the files. Says whether there is such a dialog.
pub(crate) fn choose(take: Callback<Vec<File>>) -> bool {
    let window = browser::window();
    let Some(picker) = method(&window, "showOpenFilePicker") else { return false };
    let options = Object::new();
    let _ = Reflect::set(&options, &"multiple".into(), &JsValue::TRUE);
    let Ok(chosen) = picker.call1(&window, &options) else { return false };
    spawn_local(async move {
        // Whoever closes the dialog has chosen nothing.
        if let Ok(handles) = JsFuture::from(chosen.unchecked_into::<Promise>()).await {
            take.emit(files_of(&handles).await);
        }
    });
    true
}

/// Takes the files with which the installed page is opened.
pub(crate) fn take_launched(take: Callback<Vec<File>>) {
    let Ok(queue) = Reflect::get(&browser::window(), &"launchQueue".into()) else { return };
    let Some(set_consumer) = method(&queue, "setConsumer") else { return };
    let consumer = Consumer::new(move |launch: JsValue| {
        let take = take.clone();
        spawn_local(async move {
            let handles = Reflect::get(&launch, &"files".into()).unwrap_or_default();
            let files = files_of(&handles).await;
            if !files.is_empty() {
                take.emit(files);
            }
        });
    });
    let _ = set_consumer.call1(&queue, consumer.as_ref());
    CONSUMER.set(Some(consumer));
}

/// Keeps the handles of what is dropped. The browser gives them out only while the event is told.
pub(crate) fn keep_dropped(transfer: &DataTransfer) {
    let items = transfer.items();
    for item in (0..items.length()).filter_map(|place| items.get(place)) {
        let Some(handle) = method(&item, "getAsFileSystemHandle").and_then(|ask| ask.call0(&item).ok())
        else {
            return;
        };
        spawn_local(async move {
            if let Ok(handle) = JsFuture::from(handle.unchecked_into::<Promise>()).await {
                keep(handle.unchecked_into());
            }
        });
    }
}

/// A keystore was opened from this file. Many files have the same name, so it takes the same content to find the one to write to; where that is not
/// certain, the keystore is saved as a download.
pub(crate) fn opened_from(store: StoreId, file: InputFile) {
    let named: Vec<FileSystemFileHandle> = GIVEN.with_borrow(|given| {
        given.iter().rev().filter(|known| known.0 == file.name).map(|known| known.1.clone()).collect()
    });
    spawn_local(async move {
        for handle in named {
            if holds(&handle, &file.content.0).await {
                return OPENED.with_borrow_mut(|opened| {
                    opened.retain(|known| known.0 != store);
                    opened.push((store, handle));
                });
            }
        }
    });
}

/// No keystore is open any more: what is opened next has the same numbers.
pub(crate) fn forget_opened() {
    OPENED.take();
}

async fn holds(handle: &FileSystemFileHandle, content: &[u8]) -> bool {
    let Ok(file) = JsFuture::from(handle.get_file()).await else { return false };
    browser::read_file(&file.unchecked_into()).await.is_some_and(|found| found == content)
}

/// Writes a file that the worker made of a keystore to where that keystore came from, or offers it as a download.
pub(crate) fn save(app: &App, store: StoreId, response: Response) {
    let handle = OPENED
        .with_borrow(|opened| opened.iter().find(|known| known.0 == store).map(|known| known.1.clone()));
    let (Some(handle), Response::File { content, .. }) = (handle, &response) else {
        return app.save(response);
    };
    let octets = Uint8Array::from(content.as_ref());
    let app = app.clone();
    spawn_local(async move {
        match write(&handle, &octets).await {
            Ok(()) => app.toast(Tone::Good, t!("Saved to {name}", name = handle.name())),
            // The user does not allow it, or the file is gone: nothing is lost, it goes to the downloads.
            Err(_) => app.save(response),
        }
    });
}

async fn write(handle: &FileSystemFileHandle, octets: &Uint8Array) -> Result<(), JsValue> {
    let stream: FileSystemWritableFileStream =
        JsFuture::from(handle.create_writable()).await?.unchecked_into();
    let written = async {
        JsFuture::from(stream.write_with_buffer_source(octets)?).await?;
        // The file is replaced when the stream is closed, as a whole.
        JsFuture::from(stream.close()).await
    };
    written.await.map(|_| ())
}

/// The files behind handles, which are kept.
async fn files_of(handles: &JsValue) -> Vec<File> {
    let mut files = Vec::new();
    for handle in Array::from(handles).iter() {
        let handle: FileSystemFileHandle = handle.unchecked_into();
        if handle.kind() == FileSystemHandleKind::File
            && let Ok(file) = JsFuture::from(handle.get_file()).await
        {
            keep(handle);
            files.push(file.unchecked_into());
        }
    }
    files
}

fn keep(handle: FileSystemFileHandle) {
    // What is dragged from elsewhere than a file system has none.
    if handle.is_null() || handle.is_undefined() || handle.kind() != FileSystemHandleKind::File {
        return;
    }
    GIVEN.with_borrow_mut(|given| {
        if given.len() == MOST {
            given.remove(0);
        }
        given.push((handle.name(), handle));
    });
}

/// A method that not every browser has.
fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
