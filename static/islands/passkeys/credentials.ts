/** Options and answers of passkeys between JSON and what the browser takes (WebAuthn Level 3, 5.1.8 to 5.1.10).

    Written out, for there are browsers with passkeys that are older than `parseCreationOptionsFromJSON`. */

import { toBytes, toText } from "./bytes";

interface Named {
  type: "public-key";
  id: string;
}

export interface CreationJson {
  rp: PublicKeyCredentialRpEntity;
  user: { id: string; name: string; displayName: string };
  challenge: string;
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout: number;
  excludeCredentials?: Named[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: AttestationConveyancePreference;
}

export interface RequestJson {
  rpId: string;
  challenge: string;
  timeout: number;
  allowCredentials?: Named[];
  userVerification: UserVerificationRequirement;
}

/** Asks the device to make a passkey. Throws what the browser throws, for example when its owner says no. */
export async function create(options: CreationJson): Promise<unknown> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...options,
    user: { ...options.user, id: toBytes(options.user.id) },
    challenge: toBytes(options.challenge),
    excludeCredentials: (options.excludeCredentials ?? []).map(described),
  };
  const made = publicKeyCredential(await navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...named(made),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Asks the device to show a passkey. Throws as `create` does. */
export async function get(options: RequestJson): Promise<unknown> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(described),
  };
  const shown = publicKeyCredential(await navigator.credentials.get({ publicKey }));
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...named(shown),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

function publicKeyCredential(found: Credential | null): PublicKeyCredential {
  if (!(found instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
  return found;
}

function described({ id, type }: Named): PublicKeyCredentialDescriptor {
  return { type, id: toBytes(id) };
}

function named(credential: PublicKeyCredential): Record<string, unknown> {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
  };
}
