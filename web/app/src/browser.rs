//! What the page asks of the browser itself: time, clipboard, downloads, files, listeners.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, Event, EventTarget, HtmlElement, IntersectionObserver,
    IntersectionObserverEntry, ScrollIntoViewOptions, ScrollLogicalPosition, Url, Window,
};

/// The window. A page without one cannot run at all.
pub(crate) fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The window's document.
pub(crate) fn document() -> Document {
    js_sys::Reflect::get(&window(), &"document".into()).unwrap_or_default().unchecked_into()
}

/// The element that the page is drawn into, emptied.
pub(crate) fn root() -> Element {
    let root = document()
        .get_element_by_id("app")
        .unwrap_or_else(|| JsValue::from(document().body()).unchecked_into());
    root.set_inner_html("");
    root
}

/// What a `<meta>` of the page says, if it is there.
pub(crate) fn meta(name: &str) -> Option<String> {
    let element = document().query_selector(&format!("meta[name={name}]")).ok()??;
    element.get_attribute("content")
}

/// Whether the page lies in a file on this machine, so that there is no server behind it.
pub(crate) fn is_file() -> bool {
    window().location().protocol().is_ok_and(|protocol| protocol == "file:")
}

/// Now, in Unix milliseconds.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Now, in Unix seconds.
pub(crate) fn now() -> i64 {
    (now_ms() / 1000.0) as i64
}

/// Unix seconds as a field of the type `datetime-local` has them, in UTC.
pub(crate) fn time_field(unix: i64) -> String {
    let text = String::from(js_sys::Date::new(&JsValue::from_f64(unix as f64 * 1000.0)).to_iso_string());
    text.get(..16).unwrap_or_default().to_owned()
}

/// What is in such a field, in Unix seconds; `None` if it is empty.
pub(crate) fn parse_time(field: &str) -> Option<i64> {
    let milliseconds = js_sys::Date::parse(&format!("{field}Z"));
    milliseconds.is_finite().then_some((milliseconds / 1000.0) as i64)
}

/// Calls back once after a time.
pub(crate) fn after(milliseconds: i32, run: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(run);
    // Fails only for arguments of the wrong type.
    let _ = window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), milliseconds);
}

/// Calls back again and again until it is dropped.
pub(crate) struct Interval {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Interval {
    pub(crate) fn new(milliseconds: i32, run: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut()>::new(run);
        let id = window()
            .set_interval_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                milliseconds,
            )
            .unwrap_or_default();
        Self { id, _callback: callback }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        window().clear_interval_with_handle(self.id);
    }
}

/// Calls back each time an element comes into sight, until it is dropped.
pub(crate) struct Sight {
    observer: Option<IntersectionObserver>,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Sight {
    pub(crate) fn new(element: &Element, mut run: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            if entries
                .iter()
                .any(|entry| entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting())
            {
                run();
            }
        });
        let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _callback: callback }
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// Listens to an event of the window or another target until it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(crate) fn new(target: EventTarget, name: &'static str, run: impl FnMut(Event) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(run);
        // Fails only for an invalid options object, and there is none.
        let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        Self { target, name, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, self.callback.as_ref().unchecked_ref());
    }
}

/// Copies text and says whether that worked.
pub(crate) fn copy_text(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = window().navigator().clipboard();
    // Over plain HTTP from another machine there is no clipboard interface: the older way still works.
    if clipboard.is_undefined() {
        done(copy_by_selection(text).unwrap_or(false));
        return;
    }
    let promise = clipboard.write_text(text);
    let text = text.to_owned();
    spawn_local(async move {
        let copied = JsFuture::from(promise).await.is_ok();
        done(copied || copy_by_selection(&text).unwrap_or(false));
    });
}

fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let field: web_sys::HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_value(text);
    field.set_class_name("offscreen");
    document.body().ok_or(JsValue::NULL)?.append_child(&field)?;
    field.select();
    let copied = document.unchecked_ref::<web_sys::HtmlDocument>().exec_command("copy");
    field.remove();
    copied
}

/// Opens the browser's dialog for printing.
pub(crate) fn print() {
    // A browser that cannot print has nothing to say either.
    let _ = window().print();
}

/// Prints one element and leaves the rest of the page out.
pub(crate) fn print_alone(element: &yew::NodeRef) {
    let (Some(element), Some(body)) = (element.cast::<Element>(), document().body()) else { return };
    // Fails only for names with blanks.
    let _ = (element.class_list().add_1("printed"), body.class_list().add_1("printing-alone"));
    print();
    let _ = (element.class_list().remove_1("printed"), body.class_list().remove_1("printing-alone"));
}

/// Whether what unfolds (`<details>`) is open, in its event.
pub(crate) fn is_open(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.has_attribute("open"))
}

/// Offers bytes as a file to download.
pub(crate) fn download(name: &str, media_type: &str, content: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(content));
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser reads the blob after the click has returned.
    after(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
    Ok(())
}

/// The content of a file; `None` if the browser cannot read it (a folder, for example).
pub(crate) async fn read_file(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Puts the keyboard focus on the row of an entry, once the page has been drawn.
pub(crate) fn focus_entry(alias: &str) {
    let quoted = alias.replace('\\', "\\\\").replace('"', "\\\"");
    focus_later(format!(".entry[data-alias=\"{quoted}\"] button"));
}

/// Puts the keyboard focus on the first element that a selector finds, once the page has been drawn.
pub(crate) fn focus_later(selector: impl Into<String>) {
    let selector = selector.into();
    after(0, move || {
        if let Ok(Some(element)) = document().query_selector(&selector) {
            let _ = element.unchecked_into::<HtmlElement>().focus();
        }
    });
}

/// Shows a popover, without complaint if it is shown already.
pub(crate) fn show_popover(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<HtmlElement>().show_popover();
    }
}

/// Whether a popover lies over the page.
pub(crate) fn has_open_popover() -> bool {
    document().query_selector(":popover-open").is_ok_and(|found| found.is_some())
}

/// Whether an event `toggle` says that something opens.
pub(crate) fn is_opening(event: &Event) -> bool {
    let new = js_sys::Reflect::get(event, &"newState".into()).ok();
    new.and_then(|state| state.as_string()).as_deref() == Some("open")
}

/// Scrolls as little as needed to bring an element into sight.
pub(crate) fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Scrolls until an element begins at the top of what is in sight.
pub(crate) fn scroll_to_top_of(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
    }
}

/// Hides a popover, without complaint if it is hidden already.
pub(crate) fn hide_popover(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<HtmlElement>().hide_popover();
    }
}

/// A setting of this browser that is no secret, such as the theme.
pub(crate) fn setting(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a setting. A browser that keeps nothing is fine.
pub(crate) fn set_setting(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Text in lower case. The browser does it: the tables of all letters would be a good part of the page.
pub(crate) fn lower_case(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// The order in which texts come, each by its place; equal ones stay as they were. The browser sorts: Rust's own sorting would be there
/// once for each type that is sorted.
pub(crate) fn order(texts: Vec<String>) -> Vec<usize> {
    #[cfg(target_arch = "wasm32")]
    {
        let numbered = texts
            .into_iter()
            .enumerate()
            .map(|(place, text)| JsValue::from_str(&format!("{text}\0{place:09}")));
        let sorted = numbered.collect::<Array>().sort();
        let place = |text: JsValue| text.as_string()?.rsplit('\0').next()?.parse().ok();
        sorted.iter().filter_map(place).collect()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let mut places: Vec<usize> = (0..texts.len()).collect();
        places.sort_by_key(|place| texts.get(*place).cloned());
        places
    }
}

/// The value of an attribute, on the element that an event went to or the next one around it that has it.
pub(crate) fn attribute_at(event: &Event, name: &str) -> Option<String> {
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}

/// Whether the keyboard focus is nowhere.
pub(crate) fn is_nothing_focused() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Brings an element into sight and gives it the keyboard focus, if it is there.
pub(crate) fn show_and_focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Gives a field the keyboard focus, once it is there.
pub(crate) fn focus(field: &yew::NodeRef) {
    if let Some(field) = field.cast::<HtmlElement>() {
        let _ = field.focus();
    }
}

/// What is typed into, or chosen from by letters. A box that is ticked is none of these.
const TYPED_INTO: &str = ":is(input:not([type=checkbox],[type=radio],[type=file]),textarea,select)";
/// What lies in a popover that has closed. Browsers leave the focus there until they draw again.
const CLOSED: &str = "[popover]:not(:popover-open) *";

/// Whether what is typed belongs to this element.
pub(crate) fn is_field(target: Option<EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        element.matches(TYPED_INTO).unwrap_or_default() && !element.matches(CLOSED).unwrap_or_default()
    })
}
