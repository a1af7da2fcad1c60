// The service worker: keeps the page's files, so that it opens without a server. `cargo xtask build` puts in the files and the version, which is their hash.
//
// It answers with the files that it was installed with, all of one build. A newer one waits until no tab uses this one, or until the user says "Reload now"
// (web/app/src/frame/updates.rs). Tabs of an older build find their own files in the older cache, which stays as long as another tab is open: the names of
// scripts, Wasm and styles carry their hash. What is asked of the server (/api/ and whatever else is no file here) is never answered from here.
"use strict";

const VERSION = "@VERSION@";
const FILES = new Set(["/"].concat(@FILES@));
const PREFIX = "certwright-";
const CACHE = PREFIX + VERSION;

addEventListener("install", (event) => {
    // Not through the browser's own cache, where the page itself could be of another build.
    const files = [...FILES].map((file) => new Request(file, { cache: "no-cache" }));
    event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

addEventListener("activate", (event) => event.waitUntil(tidy()));

addEventListener("message", (event) => {
    if (event.data === "take-over") skipWaiting();
});

addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    const page = request.mode === "navigate" && (url.pathname === "/" || url.pathname === "/index.html");
    if (page) event.waitUntil(tidy());
    const path = page ? "/" : url.pathname;
    if (FILES.has(path)) {
        event.respondWith(kept(caches.open(CACHE), path, request));
    } else if (/-[0-9a-f]{16}[._]/.test(path)) {
        event.respondWith(kept(caches, path, request));
    }
});

// A file as it was kept; where a browser has cleared its caches, as the server has it.
async function kept(store, path, request) {
    return (await (await store).match(path)) ?? fetch(request);
}

// Removes the caches of other builds, if nobody can need them: there is no tab beside the one that is just being opened, and no newer build waits with its
// files.
async function tidy() {
    const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const names = await caches.keys();
    if (tabs.length > 1 || registration.installing || registration.waiting) return;
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}
