// SPDX-License-Identifier: BSD-2-Clause
//
// node web/build.mjs FLOPPY NPM OUTPUT [FILE=PATH...]: makes the page, for web.sh.
//
// FLOPPY is the image to boot, NPM the folder with node_modules, OUTPUT a new folder. The files are added to \SystemRoot
// when the page loads. Run at the project's top.

import {execFileSync} from "node:child_process";
import fs from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";
import {gunzipSync} from "node:zlib";
import {defaultPath, pathProblem} from "./site/addfiles.js";

const [floppy, npm, output, ...additions] = process.argv.slice(2);
const {marked} = createRequire(path.resolve(npm, "package.json"))("marked");
const bios = "/usr/share/seabios", modules = path.join(npm, "node_modules"), doc = "/usr/share/doc", common = "/usr/share/common-licenses";

function copy(from, to) {
    const target = path.join(output, to);
    fs.mkdirSync(path.dirname(target), {recursive: true});
    const bytes = fs.readFileSync(from);
    fs.writeFileSync(target, from.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    return {url: to, bytes: fs.statSync(target).size};
}

const write = (to, text) => {
    fs.mkdirSync(path.dirname(path.join(output, to)), {recursive: true});
    fs.writeFileSync(path.join(output, to), text);
};

// ---- The machine ----

// FILE[=PATH]; a file's name may have an = in it.
function addition(argument, index) {
    const cut = argument.lastIndexOf("=");
    const file = fs.existsSync(argument) || cut < 0 ? argument : argument.slice(0, cut);
    let place = (file === argument ? "" : argument.slice(cut + 1)).replaceAll("\\", "/").replace(/^\/+/, "");
    place = place.endsWith("/") ? place + path.basename(file) : place || defaultPath(path.basename(file));
    if (pathProblem(place)) {
        console.error(pathProblem(place));
        process.exit(1);
    }
    return {path: place, ...copy(file, `added/${index}`)};
}

function copyMachine() {
    const parts = {
        emulator: copy(path.join(modules, "v86/build/v86.wasm"), "v86/v86.wasm"),
        bios: copy(path.join(bios, "bios.bin"), "bios/bios.bin"),
        vgaBios: copy(path.join(bios, "vgabios-stdvga.bin"), "bios/vgabios.bin"),
        floppy: copy(floppy, "floppy.img"),
    };
    copy(path.join(modules, "v86/build/libv86.mjs"), "v86/libv86.js");
    for (const file of fs.readdirSync("web/site"))
        copy(path.join("web/site", file), file);
    write("manifest.json", JSON.stringify({
        parts: Object.entries(parts).map(([name, part]) => ({name, ...part})),
        added: additions.map(addition),
    }, null, 1));
}

// ---- The documents ----

function page(title, root, body) {
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${root}icon.svg">
<link rel="stylesheet" href="${root}style.css">
</head>
<body>
<header><h1><a href="${root}index.html">Neptune OS</a></h1></header>
<article>
${body}
</article>
</body>
</html>
`;
}

// All Markdown files below a folder, but for those of builds.
function documentsIn(folder) {
    return fs.readdirSync(folder, {withFileTypes: true}).flatMap(item => {
        const name = path.posix.join(folder, item.name);
        if (item.isDirectory())
            return item.name.startsWith(".") || item.name === "build" ? [] : documentsIn(name);
        return name.endsWith(".md") ? [name] : [];
    });
}

const documents = documentsIn(".");
const inPage = new Set(documents);

// A link to another document leads to its page; one to a file or folder of the source is only its name.
function convertLinks(html, folder) {
    return html.replace(/<a href="([^"]*)">(.*?)<\/a>/gs, (link, target, text) => {
        const [file, anchor] = target.split("#");
        if (/^[a-z]+:/.test(target) || !file)
            return link;
        const name = path.posix.normalize(path.posix.join(folder, file));
        if (inPage.has(name))
            return `<a href="${file.replace(/\.md$/, ".html")}${anchor ? `#${anchor}` : ""}">${text}</a>`;
        return name === "LICENSE" ? link.replace(file, `${file}.txt`) : text;
    });
}

function writeDocument(file) {
    const folder = path.posix.dirname(file), text = fs.readFileSync(file, "utf8");
    const root = "../".repeat(file.split("/").length - 1);
    const title = (/^# (.*)$/m.exec(text) ?? [, file])[1];
    write(file.replace(/\.md$/, ".html"), page(title, root, convertLinks(marked.parse(text), folder)));
    for (const [, picture] of text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g))
        if (fs.existsSync(path.join(folder, picture)))
            copy(path.join(folder, picture), path.posix.join(folder, picture));
}

// ---- The licences ----

const versionOf = name => execFileSync("dpkg-query", ["-W", "-f", "${source:Package} ${source:Version}", name], {encoding: "utf8"});

const licences = [
    ["Neptune OS", "BSD-2-Clause", [["LICENSE", "LICENSE.txt"]], ""],
    ["v86, the emulator", "BSD-2-Clause", [[path.join(modules, "v86/LICENSE"), "licences/v86.txt"]],
        `npm package v86 ${JSON.parse(fs.readFileSync(path.join(modules, "v86/package.json"))).version}, unchanged: <code>v86/</code>`],
    ["SeaBIOS, the PC's firmware", "LGPL-3", [[`${doc}/seabios/copyright`, "licences/seabios.txt"],
        [`${common}/LGPL-3`, "licences/lgpl-3.txt"], [`${common}/GPL-3`, "licences/gpl-3.txt"]],
        `Debian's binaries, unchanged: <code>bios/</code>; their source is Debian's source package ${versionOf("seabios")}`],
    ["SYSLINUX, the boot loader on the floppy", "GPL-2 or later", [[`${doc}/syslinux-common/copyright`, "licences/syslinux.txt"],
        [`${common}/GPL-2`, "licences/gpl-2.txt"]],
        `Debian's binaries, unchanged; their source is Debian's source package ${versionOf("syslinux-common")}`],
    ["The font of screens without text mode", "MIT-style", [[`${doc}/console-setup-linux/copyright.fonts.gz`, "licences/font.txt"]],
        "VGA's font, copyright 2000, 2001 Dmitry Bolkhovityanov, part of the Executive"],
];

function writeLicences() {
    const rows = licences.map(([name, licence, files, note]) => {
        const links = files.map(([from, to]) => `<a href="${copy(from, to).url}">${path.basename(to)}</a>`);
        return `<tr><td>${name}</td><td>${licence}</td><td>${links.join(", ")}</td><td>${note}</td></tr>`;
    });
    write("licences.html", page("Licences", "",
        `<h1>Licences</h1>\n<table><tr><th>what</th><th>licence</th><th>text</th><th>where from</th></tr>\n${rows.join("\n")}\n</table>`));
}

fs.rmSync(output, {recursive: true, force: true});
copyMachine();
documents.forEach(writeDocument);
writeLicences();
