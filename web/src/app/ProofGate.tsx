import { Button, Modal, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reauthenticate, reauthenticateByCode } from "../api/auth";
import { isPasskeyPossible, reauthenticateByPasskey } from "../api/passkeys";
import { askForProofBy, type Way } from "../api/proof";
import { ErrorPanel } from "../ui/ErrorPanel";
import { FormShell } from "../ui/FormShell";

type Waiting = { proof: Promise<void>; given: () => void; refused: () => void };

function waiting(): Waiting {
  const made: Partial<Waiting> = {};
  made.proof = new Promise<void>((given, refused) => Object.assign(made, { given, refused }));
  return made as Waiting;
}

/** Asks for a proof when the server wants to know who is there; what was asked for goes on afterwards. */
export function ProofGate() {
  const current = useRef<Waiting | null>(null);
  const [ways, setWays] = useState<Way[] | null>(null);
  useEffect(
    () =>
      askForProofBy((known) => {
        current.current ??= waiting();
        setWays(known);
        return current.current.proof;
      }),
    [],
  );
  const end = (how: "given" | "refused") => {
    setWays(null);
    current.current?.[how]();
    current.current = null;
  };
  return ways ? (
    <ProofDialog ways={ways} onProven={() => end("given")} onClose={() => end("refused")} />
  ) : null;
}

type Props = { ways: Way[]; onProven: () => void; onClose: () => void };

function ProofDialog({ ways, onProven, onClose }: Props) {
  const { t } = useTranslation();
  const hasCode = ways.includes("totp") || ways.includes("recovery_codes");
  const typed = [...(ways.includes("password") ? ["password"] : []), ...(hasCode ? ["code"] : [])];
  const [kind, setKind] = useState(typed[0]);
  return (
    <Modal opened onClose={onClose} title={t("account.proof.title")}>
      <Stack gap="md">
        <Text size="sm">{t("account.proof.body")}</Text>
        {ways.includes("webauthn") && isPasskeyPossible() && <PasskeyProof onProven={onProven} />}
        {typed.length > 1 && (
          <SegmentedControl
            aria-label={t("account.proof.with")}
            value={kind ?? ""}
            onChange={setKind}
            data={[
              { value: "password", label: t("account.proof.byPassword") },
              { value: "code", label: t("account.proof.byCode") },
            ]}
          />
        )}
        {kind === "password" && <PasswordProof onProven={onProven} />}
        {kind === "code" && <CodeProof onProven={onProven} />}
      </Stack>
    </Modal>
  );
}

function PasswordProof({ onProven }: Pick<Props, "onProven">) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: isNotEmpty(t("account.password.required")) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("account.proof.submit")}
      onSubmit={({ password }) => reauthenticate(password)}
      onDone={onProven}
    >
      <PasswordInput
        data-autofocus
        label={t("account.proof.password")}
        autoComplete="current-password"
        dir="ltr"
        {...form.getInputProps("password")}
      />
    </FormShell>
  );
}

function CodeProof({ onProven }: Pick<Props, "onProven">) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: isNotEmpty(t("account.proof.codeNeeded")) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("account.proof.submit")}
      onSubmit={({ code }) => reauthenticateByCode(code)}
      onDone={onProven}
    >
      <TextInput
        data-autofocus
        label={t("account.proof.code")}
        autoComplete="one-time-code"
        dir="ltr"
        {...form.getInputProps("code")}
      />
    </FormShell>
  );
}

function PasskeyProof({ onProven }: Pick<Props, "onProven">) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useMutation({
    mutationFn: reauthenticateByPasskey,
    onSuccess: onProven,
  });
  return (
    <>
      {error && <ErrorPanel error={error} />}
      <Button
        variant="default"
        fullWidth
        loading={isPending}
        leftSection={<IconFingerprint size={18} aria-hidden="true" />}
        onClick={() => mutate()}
      >
        {t("account.proof.passkey")}
      </Button>
    </>
  );
}
