import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { FormDialog } from "../../../ui/FormDialog";
import { useSaved } from "../../../ui/useSaved";
import { RotateForm } from "../forms/RotateForm";
import { type Endpoint, endpointUrl, WEBHOOKS, type WithSecret } from "../queries";
import { SecretOnce } from "./SecretOnce";

type Props = { endpoint: Endpoint };

/** Off asks first, because events are not sent meanwhile; on does not. */
export function SwitchButton({ endpoint }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(WEBHOOKS);
  const turn = (enabled: boolean) =>
    writeJson("PATCH", endpointUrl(endpoint.id), { enabled }, { ifMatch: endpoint.version });
  const { mutate, isPending } = useMutation({ mutationFn: () => turn(true), onSettled: saved });
  if (!endpoint.enabled) {
    return (
      <Button variant="default" loading={isPending} onClick={() => mutate()}>
        {t("webhooks.switch.on")}
      </Button>
    );
  }
  return (
    <ConfirmButton
      title={t("webhooks.switch.title")}
      question={t("webhooks.switch.question")}
      confirm={t("webhooks.switch.off")}
      act={() => turn(false)}
      onDone={saved}
    >
      {t("webhooks.switch.off")}
    </ConfirmButton>
  );
}

export function DeleteButton({ endpoint }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const saved = useSaved(WEBHOOKS);
  return (
    <ConfirmButton
      color="madder"
      variant="subtle"
      title={t("webhooks.delete.title")}
      question={t("webhooks.delete.question")}
      confirm={t("ui.delete")}
      act={() => writeJson("DELETE", endpointUrl(endpoint.id))}
      onDone={async () => {
        await navigate({ to: "/dashboard/settings/webhooks" });
        await saved();
      }}
    >
      {t("ui.delete")}
    </ConfirmButton>
  );
}

/** A new secret; the dialog stays open until the reader says that it is kept. */
export function RotateButton({ endpoint }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(WEBHOOKS);
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<WithSecret | null>(null);
  const close = () => {
    setOpen(false);
    setMade(null);
    void saved();
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {t("webhooks.rotate.do")}
      </Button>
      <FormDialog title={t("webhooks.rotate.title")} opened={isOpen} onClose={close}>
        {made ? (
          <SecretOnce secret={made.secret}>
            <Button onClick={close}>{t("webhooks.secret.kept")}</Button>
          </SecretOnce>
        ) : (
          <RotateForm endpoint={endpoint} onDone={setMade} />
        )}
      </FormDialog>
    </>
  );
}
