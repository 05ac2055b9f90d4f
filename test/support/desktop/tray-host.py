"""A tray for tests: the watcher and the host of StatusNotifierItem in one, and the hand of the person who uses its menus.

Every command is answered with one event that carries its number.
https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
https://github.com/AyatanaIndicators/libdbusmenu/blob/master/libdbusmenu-glib/dbus-menu.xml
"""

import hashlib
import os

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

from conversation import obey_commands, tell

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
HOST = f"org.kde.StatusNotifierHost-{os.getpid()}"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
ITEM_SIGNALS = ["NewTitle", "NewIcon", "NewOverlayIcon", "NewAttentionIcon", "NewToolTip", "NewStatus"]


def plain(value):
    """A D-Bus value as JSON can have it; of bytes a digest, to tell pictures apart."""
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dbus.Dictionary):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, dbus.Array) and value.signature == "y":
        return hashlib.sha256(bytes(value)).hexdigest() if value else ""
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return None


def line_of(node):
    """One line of a menu with those below it, as the specification's defaults complete it."""
    number, properties, children = node
    known = plain(properties)
    return {
        "id": int(number),
        "type": known.get("type", "standard"),
        "label": known.get("label", ""),
        "enabled": known.get("enabled", True),
        "visible": known.get("visible", True),
        "children": [line_of(child) for child in children],
    }


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, WATCHER_PATH)
        self.bus = bus
        self.name = None
        self.has_host = False
        self.items = {}
        bus.add_signal_receiver(self.on_owner_changed, "NameOwnerChanged", "org.freedesktop.DBus", arg2="")
        for signal in ITEM_SIGNALS:
            bus.add_signal_receiver(
                self.on_item_signal, signal, ITEM, sender_keyword="sender", member_keyword="signal"
            )
        bus.add_signal_receiver(self.on_layout, "LayoutUpdated", MENU, sender_keyword="sender")

    # Actions of the desktop.

    def appear(self):
        # The name is released when this object is collected.
        self.name = dbus.service.BusName(WATCHER, self.bus, do_not_queue=True)
        self.set_host(True)

    def vanish(self):
        for sender in self.items:
            tell("unregistered", item=sender)
        self.items.clear()
        self.has_host = False
        self.name = None
        self.bus.release_name(WATCHER)

    def set_host(self, has_host):
        self.has_host = has_host
        if has_host:
            self.StatusNotifierHostRegistered()
        else:
            self.StatusNotifierHostUnregistered()

    # Methods that items call.

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender):
        """Some items give their name, some a path; both stand for whoever calls."""
        path = str(service) if service.startswith("/") else "/StatusNotifierItem"
        self.items[str(sender)] = path
        self.StatusNotifierItemRegistered(f"{sender}{path}")
        tell("registered", item=str(sender))

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        self.set_host(True)

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {
            "RegisteredStatusNotifierItems": dbus.Array(
                [f"{sender}{path}" for sender, path in self.items.items()], signature="s"
            ),
            "IsStatusNotifierHostRegistered": self.has_host,
            "ProtocolVersion": dbus.Int32(0),
        }

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemUnregistered(self, service):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostUnregistered(self):
        pass

    # Signals that items cause.

    def on_owner_changed(self, name, old_owner, new_owner):
        if self.items.pop(str(name), None) is not None:
            self.StatusNotifierItemUnregistered(str(name))
            tell("unregistered", item=str(name))

    def on_item_signal(self, *args, sender, signal):
        if str(sender) in self.items:
            tell("changed", item=str(sender), what=str(signal))

    def on_layout(self, revision, parent, sender):
        if str(sender) in self.items:
            tell("changed", item=str(sender), what="menu")

    # Actions of a person.

    def item_object(self):
        sender = next(iter(self.items))
        return self.bus.get_object(sender, self.items[sender], introspect=False)

    def properties(self):
        return plain(self.item_object().GetAll(ITEM, dbus_interface=PROPERTIES))

    def menu_object(self):
        sender = next(iter(self.items))
        path = self.item_object().Get(ITEM, "Menu", dbus_interface=PROPERTIES)
        return self.bus.get_object(sender, path, introspect=False)

    def menu(self):
        _, root = self.menu_object().GetLayout(
            0, -1, dbus.Array([], signature="s"), dbus_interface=MENU, signature="iias"
        )
        return line_of(root)["children"]

    def menu_event(self, number, kind):
        self.menu_object().Event(
            number, kind, dbus.Int32(0), dbus.UInt32(0), dbus_interface=MENU, signature="isvu"
        )

    def activate(self):
        self.item_object().Activate(0, 0, dbus_interface=ITEM, signature="ii")

    def obey(self, command):
        do = command["do"]
        if do == "appear":
            self.appear()
        elif do == "vanish":
            self.vanish()
        elif do == "host":
            self.set_host(command["shown"])
        elif do == "properties":
            return self.properties()
        elif do == "menu":
            return self.menu()
        elif do == "menu-event":
            self.menu_event(command["id"], command["kind"])
        elif do == "activate":
            self.activate()
        return None


def main():
    DBusGMainLoop(set_as_default=True)
    watcher = Watcher(dbus.SessionBus())
    loop = GLib.MainLoop()

    def obey(command):
        try:
            tell("done", number=command["number"], value=watcher.obey(command))
        except (dbus.DBusException, StopIteration) as problem:
            tell("failed", number=command["number"], why=repr(problem))

    obey_commands(loop, obey)
    tell("ready")
    loop.run()


main()
