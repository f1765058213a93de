# The VM's identity and what it may do. The registry, the vault and the network are yours already.
variable "resource_group" { type = string }
variable "location" { type = string }
variable "subnet_id" { type = string }
variable "registry_id" { type = string }
variable "vault_id" { type = string }
variable "ssh_public_key" { type = string }

resource "azurerm_network_interface" "omis" {
  name                = "omis-pc"
  resource_group_name = var.resource_group
  location            = var.location

  ip_configuration {
    name                          = "internal"
    subnet_id                     = var.subnet_id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_linux_virtual_machine" "omis" {
  name                  = "omis-pc"
  resource_group_name   = var.resource_group
  location              = var.location
  size                  = "Standard_B2s"
  admin_username        = "azureuser"
  network_interface_ids = [azurerm_network_interface.omis.id]
  custom_data           = filebase64("${path.module}/user-data.yaml")

  admin_ssh_key {
    username   = "azureuser"
    public_key = var.ssh_public_key
  }

  identity {
    type = "SystemAssigned"
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "StandardSSD_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }
}

# On a registry with ABAC the role is "Container Registry Repository Reader"; AcrPull is ignored there.
resource "azurerm_role_assignment" "pull" {
  scope                = var.registry_id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_linux_virtual_machine.omis.identity[0].principal_id
}

resource "azurerm_role_assignment" "secrets" {
  scope                = var.vault_id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_linux_virtual_machine.omis.identity[0].principal_id
}
