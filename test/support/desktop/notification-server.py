"""A freedesktop notification server for tests: it shows nothing, never expires anything, and does as it is told.
It can also be told to behave as servers of other desktops do, and as broken ones do.

https://specifications.freedesktop.org/notification-spec/latest/
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

from conversation import obey_commands, tell

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"
INHIBITED = "Inhibited"
EXPIRED, DISMISSED, CLOSED_BY_CALL = 1, 2, 3


def plain(value):
    """What of a D-Bus value can be written as JSON."""
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return None


class NotificationServer(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, PATH)
        self.last_id = 0
        self.resident = {}
        self.capabilities = ["actions", "body", "persistence"]
        # None: this desktop has no such property.
        self.inhibited = None
        self.refuses = False
        self.keeps_after_action = False
        self.holds_answers = False
        self.most_shown = None
        self.is_starting = False
        self.held_answers = []

    @dbus.service.method(
        NAME,
        in_signature="susssasa{sv}i",
        out_signature="u",
        sender_keyword="sender",
        async_callbacks=("answer", "fail"),
    )
    def Notify(
        self, app_name, replaces_id, icon, summary, body, actions, hints, expire_timeout, sender, answer, fail
    ):
        if self.refuses:
            fail(dbus.DBusException("Too many notifications.", name=NAME + ".Error.ExcessNotificationGeneration"))
            return
        if replaces_id:
            number = int(replaces_id)
        else:
            self.last_id += 1
            number = self.last_id
        known_hints = {str(key): plain(value) for key, value in hints.items() if plain(value) is not None}
        self.resident[number] = bool(known_hints.get("resident", False))
        tell(
            "notify",
            id=number,
            appName=str(app_name),
            replacesId=int(replaces_id),
            summary=str(summary),
            body=str(body),
            actions=[{"key": str(key), "label": str(label)} for key, label in zip(actions[::2], actions[1::2])],
            hints=known_hints,
            expireTimeoutMs=int(expire_timeout),
            sender=str(sender),
        )
        if self.holds_answers:
            self.held_answers.append(lambda: answer(dbus.UInt32(number)))
        else:
            answer(dbus.UInt32(number))
        self.drop_oldest()

    @dbus.service.method(NAME, in_signature="u", out_signature="")
    def CloseNotification(self, number):
        self.close(int(number), CLOSED_BY_CALL)

    @dbus.service.method(NAME, in_signature="", out_signature="as")
    def GetCapabilities(self):
        if self.is_starting:
            raise dbus.DBusException("Not yet.", name="org.freedesktop.DBus.Error.UnknownMethod")
        return self.capabilities

    @dbus.service.method(NAME, in_signature="", out_signature="ssss")
    def GetServerInformation(self):
        return ("Gatehouse test desktop", "Gatehouse", "1", "1.2")

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        if interface != NAME or name != INHIBITED or self.inhibited is None:
            raise dbus.DBusException("No such property.", name="org.freedesktop.DBus.Error.UnknownProperty")
        return dbus.Boolean(self.inhibited)

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    def close(self, number, reason):
        if self.resident.pop(number, None) is None:
            return
        self.NotificationClosed(dbus.UInt32(number), dbus.UInt32(reason))
        tell("closed", id=number, reason=reason)

    def invoke(self, number, action):
        """Real servers close a notification after an action unless it asked to stay."""
        if number not in self.resident:
            tell("refused", id=number, why="it is not open")
            return
        self.ActionInvoked(dbus.UInt32(number), action)
        tell("invoked", id=number, action=action)
        if not self.resident[number] and not self.keeps_after_action:
            self.close(number, DISMISSED)

    def drop_oldest(self):
        """As GNOME does, which keeps three notifications of a program and calls the others expired."""
        while self.most_shown is not None and len(self.resident) > self.most_shown:
            self.close(next(iter(self.resident)), EXPIRED)

    def behave(
        self,
        capabilities=None,
        inhibited=None,
        refuses=None,
        holdsAnswers=None,
        keepsAfterAction=None,
        mostShown=None,
        isStarting=None,
    ):
        if mostShown is not None:
            self.most_shown = mostShown
        if isStarting is not None:
            self.is_starting = isStarting
        if capabilities is not None:
            self.capabilities = capabilities
        if refuses is not None:
            self.refuses = refuses
        if keepsAfterAction is not None:
            self.keeps_after_action = keepsAfterAction
        if holdsAnswers is not None:
            self.holds_answers = holdsAnswers
            if not holdsAnswers:
                for answer in self.held_answers:
                    answer()
                self.held_answers = []
        if inhibited is not None:
            self.inhibited = inhibited
            self.PropertiesChanged(NAME, {INHIBITED: dbus.Boolean(inhibited)}, [])

    def obey(self, command):
        if command["do"] == "invoke":
            self.invoke(command["id"], command["action"])
        elif command["do"] == "close":
            self.close(command["id"], command["reason"])
        elif command["do"] == "behave":
            self.behave(**command["as"])
            tell("behaves")
        elif command["do"] == "give-up-name":
            self.connection.release_name(NAME)
            tell("gave-up-name")


def main():
    DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    # The name is released when this object is collected.
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    server = NotificationServer(bus)
    for argument in sys.argv[1:]:
        if argument.startswith("{"):
            server.behave(**json.loads(argument))
    loop = GLib.MainLoop()

    # A server that the bus has started takes no commands, and ends with the bus.
    if "--started-by-bus" not in sys.argv:
        obey_commands(loop, server.obey)
    tell("ready")
    loop.run()
    del name


main()
