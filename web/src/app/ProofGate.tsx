import { Modal, PasswordInput, Text } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reauthenticate } from "../api/auth";
import { askForProofBy } from "../api/proof";
import { FormShell } from "../ui/FormShell";

type Waiting = { proof: Promise<void>; given: () => void; refused: () => void };

function waiting(): Waiting {
  const made: Partial<Waiting> = {};
  made.proof = new Promise<void>((given, refused) => Object.assign(made, { given, refused }));
  return made as Waiting;
}

/** Asks for the password when the server wants to know who is there; what was asked for goes on afterwards. */
export function ProofGate() {
  const current = useRef<Waiting | null>(null);
  const [isAsking, setAsking] = useState(false);
  useEffect(
    () =>
      askForProofBy(() => {
        current.current ??= waiting();
        setAsking(true);
        return current.current.proof;
      }),
    [],
  );
  const end = (how: "given" | "refused") => {
    setAsking(false);
    current.current?.[how]();
    current.current = null;
  };
  return isAsking ? <ProofDialog onProven={() => end("given")} onClose={() => end("refused")} /> : null;
}

function ProofDialog({ onProven, onClose }: { onProven: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: isNotEmpty(t("account.password.required")) },
  });
  return (
    <Modal opened onClose={onClose} title={t("account.proof.title")}>
      <Text size="sm" mb="md">
        {t("account.proof.body")}
      </Text>
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
    </Modal>
  );
}
