"""A device that keeps a passkey, as a browser would talk to it: for tests."""

from __future__ import annotations

import json
import os
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.models import User

FLAG = AuthenticatorData.FLAG


class Device:
    """Holds one key. `verifies`: whether it asks for a finger, a face or a PIN."""

    def __init__(self, *, verifies: bool = True, origin: str = "") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.flags = FLAG.UP | (FLAG.UV if verifies else FLAG(0))
        self.origin = origin or settings.SITE_URL
        self.user_handle = ""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the browser answers to a site that asks for a new passkey."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public_key = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()),
            self.flags | FLAG.AT,
            0,
            AttestedCredentialData.create(bytes(16), self.credential_id, public_key),
        )
        said = CollectedClientData.create("webauthn.create", asked["challenge"], self.origin)
        attestation = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=said, attestationObject=attestation)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the browser answers to a site that asks who is there."""
        asked = options["publicKey"]
        data = AuthenticatorData.create(sha256(asked["rpId"].encode()), self.flags, 0)
        said = CollectedClientData.create("webauthn.get", asked["challenge"], self.origin)
        signature = self.key.sign(data + said.hash, ec.ECDSA(SHA256()))
        answer = self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)
        answer["response"]["userHandle"] = self.user_handle
        return answer

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {part: websafe_encode(value) for part, value in parts.items()},
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def add(client: Client, device: Device, name: str = "") -> Any:
    """Open the page that adds a passkey, and send what the device answers."""
    address = reverse("mfa_add_webauthn")
    options = client.get(address).context["js_data"]["creation_options"]
    return client.post(address, {"name": name, "credential": json.dumps(device.create(options))})


def log_in_with(client: Client, device: Device, **more: str) -> Any:
    """Press the button on the login page."""
    address = reverse("mfa_login_webauthn")
    asked = client.get(address, headers={"Accept": "application/json"}).json()
    credential = json.dumps(device.get(asked["request_options"]))
    return client.post(address, {"credential": credential, **more})


def keep(user: User, device: Device, name: str = "Laptop") -> int:
    """Put the device's passkey among somebody's; gives its id."""
    options = {
        "publicKey": {
            "user": {"id": websafe_encode(user_pk_to_url_str(user).encode())},
            "rp": {"id": settings.SITE_HOST},
            "challenge": websafe_encode(bytes(32)),
        }
    }
    data = {"name": name, "credential": device.create(options)}
    return int(Authenticator.objects.create(user=user, type="webauthn", data=data).pk)
