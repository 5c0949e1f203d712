import { Anchor, Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { accept, type Welcome } from "../queries";

type Props = {
  token: string;
  welcome: Welcome;
  /** Who is signed in in this browser, if anybody. */
  account: string | null;
  onAccepted: (accepted: { username: string; password: string }) => unknown;
  onSpent: () => void;
};

const GONE = 410;

export function AcceptForm({ token, welcome, account, onAccepted, onSpent }: Props) {
  const { t } = useTranslation();
  const [mustSignIn, setMustSignIn] = useState(false);
  const isReset = welcome.purpose === "reset";
  const needed = isNotEmpty(t("administration.accept.needed"));
  const form = useForm({
    initialValues: { username: welcome.username, password: "" },
    validate: { username: isReset ? () => null : needed, password: needed },
  });
  const send = async (body: { username?: string; password?: string }) => {
    try {
      return await accept({ token, ...body });
    } catch (error) {
      const { code, status } = asProblem(error);
      if (status === GONE) onSpent();
      if (code === "sign_in_first") setMustSignIn(true);
      throw error;
    }
  };
  const back = `/sign-in?next=${encodeURIComponent(`/invitation/${token}`)}`;
  return (
    <Stack gap="md">
      {account !== null && !isReset && (
        <OwnAccount
          account={account}
          join={() => send({})}
          onJoined={(username) => onAccepted({ username, password: "" })}
        />
      )}
      {mustSignIn && (
        <Notice tone="wait" role="alert">
          {t("administration.accept.signInFirst")}{" "}
          <Anchor href={back}>{t("administration.accept.signIn")}</Anchor>
        </Notice>
      )}
      <FormShell
        form={form}
        guard={false}
        fullWidth
        submitLabel={isReset ? t("administration.accept.setPassword") : t("administration.accept.open")}
        onSubmit={(values) => send(isReset ? { password: values.password } : values)}
        onDone={({ username }) => onAccepted({ username, password: form.getValues().password })}
      >
        <TextInput
          label={t("administration.accept.username")}
          description={
            isReset
              ? undefined
              : welcome.username
                ? t("administration.accept.usernameHint")
                : t("administration.accept.usernameFree")
          }
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          size="md"
          readOnly={isReset}
          {...form.getInputProps("username")}
        />
        <PasswordInput
          label={t("administration.accept.password")}
          description={t("administration.accept.passwordHint")}
          autoComplete="new-password"
          dir="ltr"
          size="md"
          {...form.getInputProps("password")}
        />
      </FormShell>
      <Text size="xs" c="dimmed">
        {t("administration.accept.promise")}
      </Text>
    </Stack>
  );
}

type OwnProps = {
  account: string;
  join: () => Promise<{ username: string }>;
  onJoined: (username: string) => unknown;
};

/** Somebody who has an account elsewhere joins with it, proven by being signed in. */
function OwnAccount({ account, join, onJoined }: OwnProps) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useMutation({
    mutationFn: join,
    onSuccess: ({ username }) => onJoined(username),
  });
  // Without an account of the invited address the server asks for a username: then the form below is the way.
  const wantsNew = error && asProblem(error).errors.some(({ pointer }) => pointer === "/username");
  return (
    <Stack gap="xs">
      <Text size="sm">
        {t("administration.accept.signedInAs")} <Bidi>{account}</Bidi>
      </Text>
      {wantsNew ? (
        <Notice>{t("administration.accept.newOnly")}</Notice>
      ) : (
        <>
          {error && <ErrorPanel error={error} />}
          <Button variant="default" loading={isPending} onClick={() => mutate()}>
            {t("administration.accept.join")}
          </Button>
        </>
      )}
      <Divider label={t("administration.accept.orNew")} />
    </Stack>
  );
}
