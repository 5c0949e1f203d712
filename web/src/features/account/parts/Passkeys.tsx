import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Authenticator, authConfigQuery } from "../../../api/auth";
import { meQuery } from "../../../api/me";
import { isPasskeyPossible, removePasskey } from "../../../api/passkeys";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { useFormat } from "../../../ui/format";
import { PasskeyForm } from "../forms/PasskeyForm";
import classes from "./Passkeys.module.css";

const SECOND = 1000;

/** The devices that open this account. */
export function Passkeys({ passkeys }: { passkeys: Authenticator[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { data: config } = useQuery(authConfigQuery);
  const [isAdding, { open, close }] = useDisclosure(false);
  const isAlone = config?.data.mfa?.passkey_login_enabled ?? false;
  const refresh = () =>
    Promise.all([["auth"], meQuery.queryKey].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  const added = () => {
    notifications.show({ color: "leaf", message: t("account.passkeys.added") });
    close();
    return refresh();
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        {t("account.passkeys.intro")} {isAlone && t("account.passkeys.alone")}
      </Text>
      {passkeys.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("account.passkeys.none")}
        </Text>
      ) : (
        <ul className={classes.list}>
          {passkeys.map((passkey) => (
            <Line key={passkey.id} passkey={passkey} remove={(id) => removePasskey(id).then(refresh)} />
          ))}
        </ul>
      )}
      {!isPasskeyPossible() ? (
        <Text size="sm" c="dimmed">
          {t("account.passkeys.impossible")}
        </Text>
      ) : isAdding ? (
        <PasskeyForm isAlone={isAlone} onDone={added} onCancel={close} />
      ) : (
        <Button variant="default" onClick={open}>
          {t("account.passkeys.add")}
        </Button>
      )}
    </Stack>
  );
}

function Line({ passkey, remove }: { passkey: Authenticator; remove: (id: number) => Promise<unknown> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id = 0, name = "" } = passkey;
  const facts = [
    t("account.passkeys.since", { date: format.date(passkey.created_at * SECOND) }),
    passkey.last_used_at && t("account.passkeys.used", { date: format.date(passkey.last_used_at * SECOND) }),
  ];
  return (
    <li>
      <span>
        <strong>
          <Bidi>{name}</Bidi>
        </strong>
        <small>{facts.filter(Boolean).join(t("ui.comma"))}</small>
      </span>
      <ConfirmButton
        size="compact-sm"
        aria-label={t("account.passkeys.removeOf", { name })}
        title={t("account.passkeys.removeTitle")}
        question={t("account.passkeys.removeBody", { name })}
        confirm={t("account.passkeys.remove")}
        act={() => remove(id)}
      >
        {t("account.passkeys.remove")}
      </ConfirmButton>
    </li>
  );
}
