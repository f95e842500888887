"""A small window to drag files from, as from a file manager: GTK's own drag and drop.

Arguments: X, Y, then the files. Says what becomes of the drag, a word a line: ready, begun, accepted, refused, done.
"""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

SIZE = 40


def say(word):
    print(word, flush=True)


def begin(_widget, context):
    say("begun")
    # What the window below the pointer answers.
    context.connect("action-changed", lambda _context, action: say("accepted" if action else "refused"))


def main():
    x, y, *files = sys.argv[1:]
    uris = [GLib.filename_to_uri(file, None) for file in files]
    # Without a frame: no window manager moves it.
    window = Gtk.Window(type=Gtk.WindowType.POPUP)
    window.set_default_size(SIZE, SIZE)
    window.move(int(x), int(y))
    window.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    window.drag_source_add_uri_targets()
    window.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris(uris))
    window.connect("drag-begin", begin)
    window.connect("drag-end", lambda _w, _c: say("done"))
    window.connect("map-event", lambda _w, _e: say("ready"))
    window.show_all()
    Gtk.main()


main()
