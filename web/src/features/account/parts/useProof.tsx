import { Modal, PasswordInput, Text } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { needsReauthentication, reauthenticate } from "../../../api/auth";
import { Problem } from "../../../api/problem";
import { FormShell } from "../../../ui/FormShell";

type Waiting = { resume: () => void; giveUp: (error: Problem) => void; error: Problem };

type Proof = {
  /** Runs the act; when the server wants a fresh proof first, asks for the password and runs it again. */
  proven: <T>(act: () => Promise<T>) => Promise<T>;
  proofDialog: ReactNode;
};

export function useProof(): Proof {
  const [waiting, setWaiting] = useState<Waiting | null>(null);

  const proven = async <T,>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || !needsReauthentication(error)) throw error;
      await new Promise<void>((resume, giveUp) => setWaiting({ resume, giveUp, error }));
      return act();
    }
  };
  const proofDialog = waiting && (
    <ProofDialog
      onProven={() => {
        setWaiting(null);
        waiting.resume();
      }}
      onClose={() => {
        setWaiting(null);
        waiting.giveUp(waiting.error);
      }}
    />
  );
  return { proven, proofDialog };
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
