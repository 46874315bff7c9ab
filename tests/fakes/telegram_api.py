"""The bot's side of the stand-in of Telegram: the Bot API's methods."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

from tests.fakes import telegram_rules as rules
from tests.fakes import telegram_updates as updates
from tests.fakes.courier import Courier, Target
from tests.fakes.server import Answer, Call, FakeServer, Json, Upload, image_size
from tests.fakes.telegram_rules import Refused, bad
from tests.fakes.telegram_wire import Chat, Sent, StoredFile, decoded, flood, integer, parameters_of, refusal, result

LARGEST_DOWNLOAD = 20 * 1024 * 1024


class BotApi(FakeServer[Sent]):
    """Speaks `/bot<token>/<method>` and `/file/bot<token>/<path>`, and knows the chats."""

    def __init__(
        self,
        token: str,
        *,
        loopback: bool,
        strict_rate: bool,
        patience: float,
        backoff: float,
        attempts: int,
    ) -> None:
        super().__init__()
        self.token, self.loopback, self.strict_rate = token, loopback, strict_rate
        self.webhook: Json = {"url": "", "secret_token": "", "allowed_updates": None, "max_connections": 40}
        self.query_lifetime = 15.0
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.queries: dict[str, float] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: list[Json] = []
        self.courier = Courier(self._target, patience, backoff, attempts, holds_up=True)
        self.message_ids, self.numbers = count(101), count(1)
        self._methods: dict[str, Callable[[Json, dict[str, Upload]], Answer]] = {
            name.lower(): getattr(self, f"_{name}")
            for name in "getMe setWebhook deleteWebhook getWebhookInfo sendMessage sendPhoto sendChatAction "
            "answerCallbackQuery editMessageReplyMarkup setMyCommands getFile".split()
        }

    def store(self, folder: str, upload: Upload) -> StoredFile:
        number = next(self.numbers)
        ending = upload.name.rpartition(".")[2] or "bin"
        stored = StoredFile(f"AgACAgQ{number:012}", f"{folder}/file_{number}.{ending}", upload)
        self.files[stored.file_id] = stored
        return stored

    def answer(self, call: Call) -> Answer:
        try:
            return self._answer(call)
        except Refused as refused:
            return refusal(refused)

    def _answer(self, call: Call) -> Answer:
        is_file = call.path.startswith("/file/bot")
        token, _, rest = call.path.removeprefix("/file").removeprefix("/bot").partition("/")
        if not is_file and not call.path.startswith("/bot"):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")
        if is_file:
            return self._download(rest)
        method = self._methods.get(rest.lower())
        if method is None:
            raise Refused(404, "Not Found: method not found")
        parameters, files = parameters_of(call)
        rules.check_encoding(parameters)
        return method(parameters, files)

    def _download(self, path: str) -> Answer:
        stored = next((one for one in self.files.values() if one.path == path), None)
        if stored is None:
            raise Refused(404, "Not Found")
        return Answer(200, stored.upload.content, "application/octet-stream")

    def _getMe(self, _body: Json, _files: object) -> Answer:  # noqa: N802 - the platform's names
        extras = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return result(updates.BOT | extras)

    def _setWebhook(self, body: Json, _files: object) -> Answer:  # noqa: N802
        url, secret = str(body.get("url", "")), str(body.get("secret_token", ""))
        if not url:
            return self._deleteWebhook(body, _files)
        connections = integer(body.get("max_connections", 40))
        rules.check_webhook(url, secret, connections, self.loopback)
        allowed = decoded(body.get("allowed_updates"))
        self._drop_if_asked(body)
        self.webhook = {"url": url, "secret_token": secret, "allowed_updates": allowed, "max_connections": connections}
        self.accept(Sent("setWebhook", None, body))
        return result(True, "Webhook was set")

    def _deleteWebhook(self, body: Json, _files: object) -> Answer:  # noqa: N802
        self._drop_if_asked(body)
        self.webhook |= {"url": "", "secret_token": ""}
        self.accept(Sent("deleteWebhook", None, body))
        return result(True, "Webhook was deleted")

    def _getWebhookInfo(self, _body: Json, _files: object) -> Answer:  # noqa: N802
        info = {name: value for name, value in self.webhook.items() if name != "secret_token" and value is not None}
        pending = self.courier.pending
        failed = next((parcel.statuses[-1] for parcel in pending if parcel.statuses), 0)
        if failed != 0:
            said = "Read timeout expired" if failed is None else f"Wrong response from the webhook: {failed}"
            info |= {"last_error_date": int(time.time()), "last_error_message": said}
        return result({"has_custom_certificate": False, "pending_update_count": len(pending)} | info)

    def _sendMessage(self, body: Json, _files: object) -> Answer:  # noqa: N802
        if not body.get("text"):
            raise bad("message text is empty")
        markup = rules.keyboard(body.get("reply_markup"))
        chat_id = self._chat(body)
        text = rules.shown(str(body["text"]), body.get("parse_mode"))
        rules.check_text(text)
        return self._made("sendMessage", chat_id, body, markup, {}, text=text)

    def _sendPhoto(self, body: Json, files: dict[str, Upload]) -> Answer:  # noqa: N802
        markup = rules.keyboard(body.get("reply_markup"))
        named = str(body.get("photo", ""))
        known = self.files.get(named)
        if named and known is None and not named.startswith("attach://"):
            raise bad("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        photo = known.upload if known else files.get(named.removeprefix("attach://") or "photo")
        if photo is None:
            raise bad("there is no photo in the request")
        chat_id = self._chat(body)
        caption = rules.shown(str(body.get("caption", "")), body.get("parse_mode"))
        rules.check_caption(caption)
        rules.check_photo(photo)
        width, height = image_size(photo.content) or (0, 0)
        sizes = [(known or self.store("photos", photo)).described() | {"width": width, "height": height}]
        content: Json = {"photo": sizes} | ({"caption": caption} if caption else {})
        return self._made("sendPhoto", chat_id, body, markup, {"photo": photo}, **content)

    def _sendChatAction(self, body: Json, _files: object) -> Answer:  # noqa: N802
        if body.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        chat_id = self._chat(body)
        self._check_blocked(chat_id)
        self.accept(Sent("sendChatAction", chat_id, body))
        return result(True)

    def _answerCallbackQuery(self, body: Json, _files: object) -> Answer:  # noqa: N802
        if rules.units(str(body.get("text", ""))) > rules.LONGEST_ANSWER:
            raise bad("MESSAGE_TOO_LONG")
        asked = self.queries.pop(str(body.get("callback_query_id", "")), float("-inf"))
        if time.monotonic() - asked > self.query_lifetime:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.accept(Sent("answerCallbackQuery", None, body))
        return result(True)

    def _editMessageReplyMarkup(self, body: Json, _files: object) -> Answer:  # noqa: N802
        markup = rules.keyboard(body.get("reply_markup"))
        chat_id = self._chat(body)
        message = self.messages.get((chat_id, integer(body.get("message_id"))))
        if message is None:
            raise bad("message to edit not found")
        if message["from"] != updates.BOT:
            raise bad("message can't be edited")
        rules.check_keyboard(markup)
        if message.get("reply_markup", {}) == (markup or {}):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        message.pop("reply_markup", None)
        message |= {"reply_markup": markup} if markup else {}
        self.accept(Sent("editMessageReplyMarkup", chat_id, body, {}, message["message_id"], message))
        return result(message)

    def _setMyCommands(self, body: Json, _files: object) -> Answer:  # noqa: N802
        self.commands = decoded(body.get("commands")) or []
        self.accept(Sent("setMyCommands", None, body))
        return result(True)

    def _getFile(self, body: Json, _files: object) -> Answer:  # noqa: N802
        stored = self.files.get(str(body.get("file_id", "")))
        if stored is None:
            raise bad("invalid file_id")
        if len(stored.upload.content) > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        return result(stored.described() | {"file_path": stored.path})

    def _chat(self, body: Json) -> int:
        if body.get("chat_id") in (None, ""):
            raise bad("chat_id is empty")
        chat_id = integer(body["chat_id"])
        chat = self.chats.get(chat_id, Chat())
        if chat.seen and not chat.open:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if not chat.open:
            raise bad("chat not found")
        return chat_id

    def _check_blocked(self, chat_id: int) -> None:
        if self.chats[chat_id].blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")

    def _made(
        self, method: str, chat_id: int, body: Json, markup: Json | None, files: dict[str, Upload], **content: object
    ) -> Answer:
        reply = decoded(body.get("reply_parameters")) or {}
        answered = reply.get("message_id", body.get("reply_to_message_id"))
        if (
            answered
            and (chat_id, integer(answered)) not in self.messages
            and not reply.get("allow_sending_without_reply")
        ):
            raise bad("message to be replied not found")
        rules.check_keyboard(markup)
        self._check_blocked(chat_id)
        self._check_rate(self.chats[chat_id])
        chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}
        made = updates.message(next(self.message_ids), updates.BOT, chat, **content)
        made.pop("entities", None)
        made |= {"reply_markup": markup} if markup else {}
        self.messages[chat_id, made["message_id"]] = made
        told = body | ({"reply_markup": markup} if markup else {})
        self.accept(Sent(method, chat_id, told, files, made["message_id"], made))
        return result(made)

    def _check_rate(self, chat: Chat) -> None:
        now = time.monotonic()
        if self.strict_rate and now - chat.last_at < 1:
            raise flood(1)
        chat.last_at = now

    def _drop_if_asked(self, body: Json) -> None:
        if str(body.get("drop_pending_updates", "")).lower() == "true":
            self.courier.drop()

    def _target(self) -> Target | None:
        if not self.webhook["url"]:
            return None
        secret = self.webhook["secret_token"]
        return self.webhook["url"], {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
